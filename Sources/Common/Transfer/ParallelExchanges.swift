/// Several exchanges at once on one thread (libcurl's multi interface), which share kept-alive connections.
@safe package final class ParallelExchanges: ParallelTransport {
  private let multi = MultiHandle()
  private var running: [UnsafeMutableRawPointer: (handle: EasyHandle, tag: Int)] = unsafe [:]
  private var idle: [EasyHandle] = []

  /// Connects to nothing yet. The process ends if libcurl cannot be initialised.
  package init() {}

  deinit {
    for unsafe(_, entry) in unsafe running { multi.remove(entry.handle) }
  }

  /// Exchanges that have ended count until ``wait(seconds:orReadable:)`` returns them.
  package var count: Int { unsafe running.count }

  /// Does not block. The exchanges make progress only while ``wait(seconds:orReadable:)`` is called.
  package func start(_ requests: [(request: HTTPRequest, tag: Int)]) {
    if requests.isEmpty { return }
    for (request, tag) in requests { add(request, tag) }
    multi.advance()
  }

  /// Returns at once if exchanges have ended already. Otherwise it waits once, and may return nothing before `seconds` are over, since what
  /// woke it need not have ended an exchange.
  package func wait(seconds: Double, orReadable descriptor: Int?) -> [(tag: Int, result: Result<HTTPResponse, any Error>)] {
    var finished: [(tag: Int, result: Result<HTTPResponse, any Error>)] = []
    collect(into: &finished)
    if finished.isEmpty {
      multi.wait(seconds: seconds, orReadable: descriptor)
      collect(into: &finished)
    }
    return finished
  }

  private func add(_ request: HTTPRequest, _ tag: Int) {
    let handle = idle.popLast() ?? EasyHandle()
    handle.prepare(Exchange(request, bodyLimit: nil, progress: {}))
    unsafe running[handle.raw] = (handle, tag)
    multi.add(handle)
  }

  private func collect(into finished: inout [(tag: Int, result: Result<HTTPResponse, any Error>)]) {
    for unsafe(raw, code) in unsafe multi.ended() {
      guard let entry = unsafe running.removeValue(forKey: raw) else { continue }
      multi.remove(entry.handle)
      finished.append((entry.tag, Result { try entry.handle.finish(code) }))
      idle.append(entry.handle)
    }
  }
}
