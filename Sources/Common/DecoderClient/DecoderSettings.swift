internal import Decoding
internal import Failures
internal import FoundationEssentials
package import Settings

/// Where the decoder is, and what it may use.
package struct DecoderSettings: Sendable {
  /// The path of the program.
  package var path: String
  /// Whether a decoder has to be locked up. Only a person turns this off.
  package var sandbox = Sandbox.required
  /// How many bytes a decoder may write to. 8K in 10 bits and 36 megapixels fit.
  package var maximumMemory = 768 << 20
  /// Seconds of processor time that a video may take.
  package var maximumCPUSeconds = 60
  /// How many videos of one tenant a decoding process serves.
  package var jobsPerChild = 16

  /// `required`: if a decoder cannot be locked up, nothing is decoded. `off`: system calls are not filtered, but the limits apply (memory,
  /// processor time, no files written, no further descriptors).
  package enum Sandbox: String, Sendable, CaseIterable {
    case required, off
  }

  /// Reads `DECODER_PATH`, `MEDIA_SANDBOX`, `MEDIA_MAX_MEMORY`, `MEDIA_MAX_CPU` and `MEDIA_CHILD_JOBS`. Does not check that the program
  /// exists; its start does.
  package init(_ reader: inout SettingsReader) {
    reader.begin("Decoder")
    path = reader.text(
      "DECODER_PATH", fallback: Self.besideThisProgram, shown: "beside the worker", meaning: "the program `thumbnail-decoder`")
    sandbox = reader.choice(
      "MEDIA_SANDBOX", fallback: sandbox,
      meaning: "`off` lets videos be decoded without the box ([decoder.md](decoder.md#the-box))")
    maximumMemory = reader.integer(
      "MEDIA_MAX_MEMORY", fallback: maximumMemory, in: (64 << 20)...(1 << 40), meaning: "bytes a decoder may write to")
    maximumCPUSeconds = reader.integer(
      "MEDIA_MAX_CPU", fallback: maximumCPUSeconds, in: 1...3600, meaning: "seconds of processor time a video may take")
    jobsPerChild = reader.integer(
      "MEDIA_CHILD_JOBS", fallback: jobsPerChild, in: 1...1000,
      meaning: "videos of one uploader that share a decoding process; 1: each has its own")
  }

  private static var besideThisProgram: String {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    return (program.split(separator: "/", omittingEmptySubsequences: false).dropLast() + ["thumbnail-decoder"])
      .joined(separator: "/")
  }

  /// A child's processor time is counted over all its videos. It is retired after so many seconds, so that each video has its full time.
  var cpuSecondsOfVideosBefore: Double { Double(maximumCPUSeconds) / 4 }

  /// What a job fails with. A deadline that passes is the video's fault and not the origin's if the decoder has worked for so long: videos
  /// that take much processor time slow each other down, and would be tried again and again.
  func fault(_ error: any Error, after seconds: Double) -> any Error {
    guard error is DeadlineExceeded, seconds >= Double(maximumCPUSeconds) / 2 else { return error }
    return MediaError(
      .overLimit,
      "the video took more than half of the processor time that a decoder may use before the deadline passed (MEDIA_MAX_CPU)")
  }

  var confinement: Confinement {
    Confinement(
      memoryBytes: maximumMemory, cpuSeconds: maximumCPUSeconds + Int(cpuSecondsOfVideosBefore.rounded(.up)),
      isFiltered: sandbox == .required)
  }
}
