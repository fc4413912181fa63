package import Atlas

/// The lag of a link over the hour before a moment; the program reads it and answers.
package struct LagQuestion: Hashable, Sendable {
    /// Of a value.
    package static let width = Span.seconds(10)
    package static let length = Span.seconds(3_600)

    package var link: String
    /// A multiple of the width.
    package var to: Instant

    package init(link: String, to: Instant) {
        self.link = link
        self.to = to
    }
}

/// The worst lag of each 10 s.
package struct LagAnswer: Hashable, Sendable {
    package var question: LagQuestion
    /// Oldest first, the last one before `question.to`; nil where nothing was measured.
    package var values: [Span?]

    package init(_ question: LagQuestion, values: [Span?]) {
        self.question = question
        self.values = values
    }
}

extension Screens {
    /// What is to be asked for the pair under the cursor; nil when that is known, or not shown.
    package static func askForLag(_ state: inout ViewState, _ picture: Picture) -> LagQuestion? {
        guard state.screen == .replication, let link = Scoped(picture, state).pair else {
            return nil
        }
        let question = LagQuestion(link: link.name, to: picture.at.floor(to: LagQuestion.width))
        guard question != state.lagAsked else { return nil }
        state.lagAsked = question
        return question
    }

    /// Takes the answer to the last question; true when it is that.
    @discardableResult
    package static func take(_ state: inout ViewState, _ answer: LagAnswer) -> Bool {
        guard answer.question == state.lagAsked else { return false }
        state.lag = answer
        return true
    }
}
