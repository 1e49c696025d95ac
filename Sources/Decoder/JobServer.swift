internal import CConfinement
internal import Deadlines
internal import Decoding
internal import Failures
internal import Glibc
internal import Media

/// Does one job after another in the box, until one fails or the worker closes the socket.
struct JobServer {
  private let socket = MessageSocket(Worker.descriptor, patience: .boxed)

  /// - Parameter ready: sent first, by a process that has no zygote to send it.
  func run(after ready: Ready? = nil) -> Never {
    do {
      if let ready { try socket.send(ready) }
      repeat {
        socket.endsWhenIdle = true
        let message = try socket.receive()
        socket.endsWhenIdle = false
        guard try serve(message.content(DecodingJob.self)) else { break }
      } while true
      _exit(0)
    } catch is SocketClosed {
      _exit(0)
    } catch {
      _exit(1)
    }
  }

  /// - Returns: whether this process may take another job. After a failure it may not, since the video may have left anything behind.
  private func serve(_ job: DecodingJob) throws -> Bool {
    _ = box_took_refusal()
    let source = SocketSource(socket, size: job.size)
    do {
      let result = try PictureMaker(limits: job.limits, options: job.options, deadline: .after(seconds: job.seconds)).make(
        job.task, from: source
      ) { try socket.send(Message(.progress)) }
      switch result {
      case .thumbnail(var thumbnail):
        for picture in thumbnail.pictures { try socket.send(picture) }
        thumbnail.log = PictureMaker.takeLibraryLog()
        try socket.send(thumbnail)
      case .moments(var moments):
        for picture in moments.pictures { try socket.send(picture) }
        moments.log = PictureMaker.takeLibraryLog()
        try socket.send(moments)
      }
      return true
    } catch let error as MediaError {
      try socket.send(failure(of: error))
    } catch is SourceFailure {
      try socket.send(DecodingFailure(reason: .source, log: PictureMaker.takeLibraryLog()))
    } catch is DeadlineExceeded {
      try socket.send(DecodingFailure(reason: .deadline, log: PictureMaker.takeLibraryLog()))
    }
    return false
  }

  private func failure(of error: MediaError) -> DecodingFailure {
    let log = PictureMaker.takeLibraryLog()
    // FFmpeg's libraries report a lack of memory as the end of the file or invalid data.
    if box_took_refusal() && error.kind != .outOfMemory {
      let lack = MediaError.memory
      return DecodingFailure(reason: .media, kind: lack.kind, text: lack.description, detail: error.debugDescription, log: log)
    }
    return DecodingFailure(reason: .media, kind: error.kind, text: error.description, detail: error.detail, log: log)
  }
}
