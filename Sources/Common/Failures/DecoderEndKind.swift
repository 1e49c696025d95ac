/// How a video brought its decoder down. The raw values are stored in the history, label a metric and are explained on the status page.
package enum DecoderEndKind: String, Sendable, CaseIterable {
  case brokeProtocol = "broke_protocol"
  case crash
  case endedEarly = "ended_early"
  case forbiddenCall = "forbidden_call"
  case killed
  case lost
  case processorTime = "processor_time"
  case stoodStill = "stood_still"
  case threads
}
