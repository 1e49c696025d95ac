internal import CConfinement
internal import Deadlines
internal import Decoding
internal import Failures
internal import Glibc
internal import Media

/// Does one job after the other, in the box, until one fails or nobody asks any more.
struct JobServer {
  private let socket = MessageSocket(Worker.descriptor, patience: .boxed)

  /// - Parameter ready: said first, by a process nobody else speaks for.
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

  /// - Returns: whether this process may have another one: what a video that failed has left behind, nobody knows.
  private func serve(_ job: DecodingJob) throws -> Bool {
    _ = box_took_refusal()
    let source = SocketSource(socket, size: job.size)
    do {
      let result = try PictureMaker(limits: job.limits, options: job.options, deadline: .after(seconds: job.seconds)).make(
        job.task, from: source
      ) { try socket.send(Message(.progress)) }
      switch result {
      case .thumbnail(let thumbnail):
        for picture in thumbnail.pictures { try socket.send(picture) }
        try socket.send(Picture(thumbnail: thumbnail, log: ThumbnailMaker.takeLibraryLog()))
      case .moments(var moments):
        for picture in moments.pictures { try socket.send(picture) }
        moments.log = ThumbnailMaker.takeLibraryLog()
        try socket.send(moments)
      }
      return true
    } catch let error as MediaError {
      try socket.send(failure(of: error))
    } catch is SourceGaveOut {
      try socket.send(DecodingFailure(reason: .source, text: "", log: ThumbnailMaker.takeLibraryLog()))
    } catch let error as DeadlineExceeded {
      try socket.send(DecodingFailure(reason: .deadline, text: error.activity, log: ThumbnailMaker.takeLibraryLog()))
    }
    return false
  }

  private func failure(of error: MediaError) -> DecodingFailure {
    let log = ThumbnailMaker.takeLibraryLog()
    // The libraries call a lack of memory the end of the file, or invalid data.
    if box_took_refusal() || error.kind == .outOfMemory {
      return DecodingFailure(
        reason: .media, kind: .outOfMemory, text: "the video needs more memory than its decoder may use (MEDIA_MAX_MEMORY)",
        detail: error.debugDescription, log: log)
    }
    return DecodingFailure(reason: .media, kind: error.kind, text: error.description, detail: error.detail, log: log)
  }
}
