import Deadlines
import Failures
import Logging
import Testing

@testable import Database
@testable import DatabaseClient
@testable import auto_generate_thumbnail

@Suite struct LeaseKeeperTests {
  private func keeper(seconds: Double, kind: Claim.Kind = .thumbnail, leaseLeft: Double = 600) -> LeaseKeeper {
    let logger = Logger(service: "test", level: .error)
    let session = Session(DatabaseSettings(connection: nil, timeoutSeconds: 1), logger: logger)
    return LeaseKeeper(
      ThumbnailQueries(session, host: "test", queuesStoryboards: false),
      claim: Claim(
        videoID: VideoID("00000000-0000-0000-0000-000000000001")!, kind: kind, token: 1, attempt: 1, videoURL: nil,
        aspectRatio: nil, timeSeconds: nil, tenant: nil, leaseEnd: .after(seconds: leaseLeft)),
      leaseSeconds: 600, deadline: .after(seconds: seconds), logger: logger)
  }

  @Test func theShareOfTheUploadIsForAllPictures() throws {
    let keeper = keeper(seconds: 2)
    _ = try keeper.deadlineOfSilentStep()
    while !keeper.makingDeadline.hasPassed { Sleep.seconds(keeper.makingDeadline.secondsLeft) }
    #expect(throws: Never.self) { try keeper.deadlineOfSilentStep() }
  }

  @Test func aJobThatComesToItsUploadTooLateWasTooSlowBefore() throws {
    let keeper = keeper(seconds: 0)
    #expect(throws: DeadlineExceeded.self) { try keeper.progress() }
    #expect(throws: DeadlineExceeded.self) { try keeper.deadlineOfSilentStep() }
  }

  @Test func aLeaseThatHasEndedIsLost() {
    #expect(throws: LeaseLost.self) { try keeper(seconds: 60, leaseLeft: 0).progress() }
  }

  @Test func nothingSilentBeginsWithTooLittleOfALease() throws {
    // The database cannot be asked for more.
    #expect(throws: LeaseLost.self) { try keeper(seconds: 60, leaseLeft: 100).deadlineOfSilentStep() }
    // What is silent ends with the job, or early enough before the lease to be recorded.
    #expect(try keeper(seconds: 60).deadlineOfSilentStep().secondsLeft <= 60)
    #expect(try keeper(seconds: 6000).deadlineOfSilentStep().secondsLeft <= 595)
  }

  @Test("what there was no time for", arguments: [(Claim.Kind.thumbnail, "thumbnail"), (.storyboard, "storyboard")])
  func says(kind: Claim.Kind, word: String) throws {
    let keeper = keeper(seconds: 0, kind: kind)
    let error = #expect(throws: DeadlineExceeded.self) { try keeper.progress() }
    #expect(error?.activity == "making the \(word)")
  }
}
