import Foundation
import GRDB
import Synchronization

/// Two readers of a history's file of which one always looks, on a thread of their own.
final class OverlappingReaders: Sendable {
    private let isOver = Mutex(false)
    private let ended = DispatchSemaphore(value: 0)

    init(path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(5)
        let queues = try (0..<2).map { _ in
            try DatabaseQueue(path: path, configuration: configuration)
        }
        try queues[0].inDatabase(Self.begin)
        Thread { [self] in
            var turn = 0
            while !isOver.withLock({ $0 }) {
                try? queues[1 - turn].inDatabase(Self.begin)
                try? queues[turn].inDatabase { try $0.execute(sql: "COMMIT") }
                turn = 1 - turn
            }
            try? queues[turn].inDatabase { try $0.execute(sql: "COMMIT") }
            ended.signal()
        }.start()
    }

    private static func begin(_ db: Database) throws {
        try db.execute(sql: "BEGIN")
        _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM run")
    }

    func stop() {
        isOver.withLock { $0 = true }
        ended.wait()
    }
}
