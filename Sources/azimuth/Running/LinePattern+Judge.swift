import Collect
import Decode

extension LinePattern: LineJudge {}
