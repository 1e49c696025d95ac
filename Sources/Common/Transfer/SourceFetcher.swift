internal import Deadlines
internal import Failures

/// Asks an origin for bytes of one file: follows redirects, within the budgets of the job and behind the address guard.
///
/// The target of a redirect is remembered, but not relied on: if it refuses later, the video's own URL is asked again, since links may be
/// valid only once, or for a second.
final class SourceFetcher {
  /// The answer to a request. If the body ended early, it has what had arrived.
  struct Answer {
    enum Ending {
      case complete
      /// No more was wanted, or the budget was used up.
      case cut
      case broken(TransferError)
    }

    let response: HTTPResponse
    let ending: Ending
  }

  private let client: any HTTPTransport
  private let settings: SourceSettings
  private let deadline: Deadline
  private let progress: () throws -> Void
  private let origins: KnownOrigins

  private let home: SourceURL
  private var place: SourceURL
  /// Whether the target of a redirect is valid for more than one request, as far as is known.
  private var isPlaceLasting = true
  private var cookies = CookieJar()

  /// Whether compressed bodies are decoded.
  var decodesContent = false
  /// Whether ranges are requested without their end.
  var asksForOpenRanges = false
  private(set) var bytesFetched = 0
  private(set) var requests = 0
  /// Answers that were the part asked for, as far as the budget went, and their bytes.
  private var sound = (answers: 0, bytes: 0)
  /// Time spent waiting for the origin, including pauses.
  private(set) var waitedSeconds = 0.0

  init(
    _ url: SourceURL, client: any HTTPTransport, settings: SourceSettings, deadline: Deadline, origins: KnownOrigins,
    progress: @escaping () throws -> Void
  ) {
    home = url
    place = url
    self.client = client
    self.settings = settings
    self.deadline = deadline
    self.progress = progress
    self.origins = origins
  }

  /// Asks for `range`, or for the whole file if it is nil.
  ///
  /// - Parameter bodyLimit: returns how many bytes of an answer's body are wanted. At most the rest of the budget is accepted.
  /// - Throws: `SourceError` if there was no answer, or what `progress` threw.
  func ask(_ range: Range<Int64>?, bodyLimit: @escaping (HTTPResponse) -> Int64) throws -> Answer {
    if !isPlaceLasting { place = home }
    var redirects = 0
    while true {
      let answer = try exchange(range, bodyLimit)
      cookies.take(answer.response.headers.all("set-cookie"), from: place)
      let status = answer.response.status
      if (300..<400).contains(status), let location = answer.response.headers["location"], !location.isEmpty {
        redirects += 1
        guard redirects <= SourceSettings.maximumRedirects else {
          throw SourceError(.forbidden, "more than \(SourceSettings.maximumRedirects) redirects")
        }
        place = try target(location)
      } else if redirects == 0, place != home, (400..<500).contains(status), status != 416, status != 429 {
        isPlaceLasting = false
        place = home
      } else {
        return answer
      }
    }
  }

  /// Waits before the origin is asked again. The next request starts from the video's own URL, since the target of a redirect may be at
  /// fault.
  ///
  /// - Returns: whether there is time for that.
  /// - Throws: what `progress` threw.
  func pause(_ seconds: Double, _ sleep: (Double) -> Void) throws -> Bool {
    guard min(deadline.secondsLeft, secondsLeft) > seconds + 1 else { return false }
    try progress()
    sleep(seconds)
    waitedSeconds += seconds
    place = home
    return true
  }

  private var secondsLeft: Double { settings.seconds - waitedSeconds }

  private func exchange(_ range: Range<Int64>?, _ bodyLimit: @escaping (HTTPResponse) -> Int64) throws -> Answer {
    guard requests < settings.maximumRequests else {
      throw SourceError(
        limitClass, "more than \(settings.maximumRequests) requests were needed to read the video (SOURCE_MAX_REQUESTS)",
        isFinalAnswer: true, isLimit: true)
    }
    let budget = settings.maximumBytes - bytesFetched
    guard budget > 0 else { throw SourceError.overBudget(settings, limitClass) }
    guard secondsLeft > 0 else { throw SourceError.overTime(settings) }
    try checkHost()
    try progress()
    requests += 1
    let stopwatch = Stopwatch()
    let result = Result {
      try client.perform(
        request(range, budget),
        bodyLimit: { head in
          // Some bytes of errors and redirects are accepted, so that the connection can be kept.
          head.isSuccess ? Int(min(bodyLimit(head), Int64(budget))) : min(budget, 64 * 1024)
        }, progress: progress)
    }
    // Counted at once, so that `sourceError` can tell whether the time is over.
    waitedSeconds += stopwatch.seconds
    do {
      let response = try result.get()
      noteAnswer()
      count(response)
      return Answer(response: response, ending: .complete)
    } catch let error as TransferError {
      count(error.partial)
      guard error.partial.status != 0 else {
        origins.noteSilence(of: place)
        throw sourceError(error)
      }
      noteAnswer()
      return Answer(response: error.partial, ending: error.kind == .tooLarge ? .cut : .broken(error))
    }
  }

  private var isPrivate: Bool { settings.privateHosts.contains(place.hostAndPort) }

  /// A host in the own network answers also without a way to the others.
  private func noteAnswer() {
    if !isPrivate { origins.noteAnswer(from: place) }
  }

  /// Must be called for each answer that is the part asked for.
  func noteSound(bytes: Int) { sound = (sound.answers + 1, sound.bytes + bytes) }

  /// Who is at fault if a limit is reached. If the origin has answered each request as asked, and with little besides, the file needs too
  /// much and would do so again.
  private var limitClass: FailureClass {
    sound.answers == requests && sound.bytes >= bytesFetched / 10 * 9 ? .media : .source
  }

  /// Counts whichever is more: the bytes as they came, with head and framing, or the decoded body.
  private func count(_ response: HTTPResponse) { bytesFetched += max(response.body.count, response.received) }

  /// Classifies an exchange that failed.
  func sourceError(_ error: TransferError) -> SourceError {
    [.timedOut, .unconnected].contains(error.kind) && secondsLeft < 0.05 && deadline.secondsLeft > 0.05
      ? .overTime(settings) : SourceError(error, deadline: deadline)
  }

  private func request(_ range: Range<Int64>?, _ budget: Int) -> HTTPRequest {
    var request = HTTPRequest(.get, place.text, deadline: min(deadline, .after(seconds: secondsLeft)))
    if let range { request.range = range.lowerBound...range.upperBound - 1 }
    // The body may use up the budget, and a head comes with it.
    request.maximumReceivedBytes = budget + 64 * 1024
    request.isRangeOpen = asksForOpenRanges
    request.allowsPrivateAddresses = isPrivate
    request.connectSeconds = settings.connectSeconds
    request.minimumBytesPerSecond = settings.minimumBytesPerSecond
    request.slowSeconds = settings.slowSeconds
    request.silentSeconds = settings.silentSeconds
    request.userAgent = settings.userAgent
    request.decodesContent = decodesContent
    // Ranges of a compressed file are useless.
    request.headers = [("Accept-Encoding", "identity")]
    if !settings.referer.isEmpty { request.headers.append(("Referer", settings.referer)) }
    if let cookie = cookies.header(for: place) { request.headers.append(("Cookie", cookie)) }
    return request
  }

  private func checkHost() throws(SourceError) {
    if !settings.allowedHosts.isEmpty && !settings.allowedHosts.contains(place.host) {
      throw SourceError(.forbidden, "the host of the video URL is not among SOURCE_ALLOWED_HOSTS")
    }
  }

  private func target(_ location: String) throws(SourceError) -> SourceURL {
    let target = try place.redirect(to: location)
    if place.scheme == "https" && target.scheme == "http" {
      throw SourceError(.forbidden, "a redirect leads from https down to http")
    }
    return target
  }
}
