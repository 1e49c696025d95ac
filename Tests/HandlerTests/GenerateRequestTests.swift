import Database
import FastCGI
import Testing

@testable import auto_generate_thumbnail

@Suite struct GenerateRequestTests {
  static let id = "85bea63a-5689-493a-952e-bb97713e38a1"

  @Test func videoIDAloneIsEnough() throws {
    let request = try GenerateRequest(body: Array(#"{"videoId":"\#(Self.id)","x":[1]}"#.utf8))
    #expect(request.videoID.text == Self.id)
    #expect(request.aspectRatio == nil)
    #expect(request.task == .thumbnail)
  }

  @Test func webhookEnvelope() throws {
    let body = #"{"type":"UPDATE","record":{"id":"\#(Self.id)","aspect_ratio":"9:16"},"old_record":null}"#
    let request = try GenerateRequest(body: Array(body.utf8))
    #expect(request.videoID.text == Self.id)
    #expect(request.aspectRatio == "9:16")
  }

  @Test func unknownShapesAreIgnoredAndNoted() throws {
    let request = try GenerateRequest(body: Array(#"{"videoId":"\#(Self.id)","aspectRatio":"4:3"}"#.utf8))
    #expect(request.aspectRatio == nil)
    #expect(request.ignoredAspectRatio == "4:3")
    let both = #"{"videoId":"\#(Self.id)","aspectRatio":"4:3","record":{"id":"\#(Self.id)","aspect_ratio":"9:16"}}"#
    #expect(try GenerateRequest(body: Array(both.utf8)).aspectRatio == "9:16")
  }

  @Test(arguments: [
    "", "{}", "[]", "nonsense", #"{"videoId":7}"#, #"{"videoId":"x"}"#, #"{"videoId":""}"#, "{\"videoId\":\"\(id)\\u0000\"}",
  ])
  func malformedBodies(body: String) {
    #expect(throws: BadRequest.self) { try GenerateRequest(body: Array(body.utf8)) }
  }

  @Test(arguments: [
    (#""candidates":12"#, GenerateRequest.Task.candidates(12)), (#""storyboard":true"#, .storyboard),
    (#""regenerate":true"#, .regenerate(timeSeconds: nil)),
    (#""regenerate":true,"timeSeconds":2.5"#, .regenerate(timeSeconds: 2.5)),
    (#""regenerate":true,"timeSeconds":0"#, .regenerate(timeSeconds: 0)),
    (#""regenerate":false,"timeSeconds":2.5,"storyboard":false"#, .thumbnail),
  ])
  func whatIsAskedFor(fields: String, task: GenerateRequest.Task) throws {
    #expect(try GenerateRequest(body: Array(#"{"videoId":"\#(Self.id)",\#(fields)}"#.utf8)).task == task)
  }

  @Test(arguments: [
    #""candidates":0"#, #""candidates":13"#, #""candidates":1.5"#, #""candidates":"3""#, #""storyboard":"on""#,
    #""candidates":3,"storyboard":true"#, #""regenerate":true,"storyboard":true"#, #""regenerate":true,"candidates":3"#,
    #""regenerate":true,"timeSeconds":-1"#,
  ])
  func whatCannotBeAskedFor(fields: String) {
    #expect(throws: BadRequest.self) {
      try GenerateRequest(body: Array(#"{"videoId":"\#(Self.id)",\#(fields)}"#.utf8))
    }
  }

  @Test(arguments: [
    (#"{"videoId":7}"#, "videoId has the wrong type"), (#"{"record":{"id":{}}}"#, "id has the wrong type"),
    (#"{"videoId":"\#(id)","regenerate":"yes"}"#, "regenerate has the wrong type"),
    (#"{"videoId":"\#(id)","candidates":1.5}"#, "candidates is not a whole number from 1 to 12"),
    (#"{"record":[]}"#, "record has the wrong type"), ("[]", "The body is not a JSON object"),
    ("{", "The body is not a JSON object"), ("", "videoId and videoUrl are required"),
    (#"{"videoId":""}"#, "videoId and videoUrl are required"),
  ])
  func whatIsWrongIsNamed(body: String, text: String) {
    #expect(throws: BadRequest(text: text)) { try GenerateRequest(body: Array(body.utf8)) }
  }

  @Test func invalidUTF8() {
    #expect(throws: BadRequest.self) { try GenerateRequest(body: [0x7b, 0xff, 0x7d]) }
  }
}
