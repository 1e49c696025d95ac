internal import Decoding
internal import FoundationEssentials
package import Settings

/// Where the decoder is, and what it may use.
package struct DecoderSettings: Sendable {
  /// The program.
  package var path: String
  /// Whether a decoder has to be locked up; only a person turns it off.
  package var sandbox = Sandbox.required
  /// Bytes a decoder may write to: 8K in 10 bits and 36 megapixels fit.
  package var maximumMemory = 768 << 20
  /// Seconds of processor time a video may take.
  package var maximumCPUSeconds = 60
  /// Videos of one tenant that a decoding process serves one after the other.
  package var jobsPerChild = 16

  /// `required`: where a decoder cannot be locked up, nothing is decoded. `off`: system calls are not filtered, only the limits hold (memory,
  /// processor time, no file written, no further descriptor).
  package enum Sandbox: String, Sendable, CaseIterable {
    case required, off
  }

  /// Reads `DECODER_PATH`, `MEDIA_SANDBOX`, `MEDIA_MAX_MEMORY`, `MEDIA_MAX_CPU` and `MEDIA_CHILD_JOBS`. Whether there is such a
  /// program is not looked at here: its start tells.
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

  /// A child's processor time is counted over all of its videos: it is retired in good time, so that each video has all of its own.
  var cpuSecondsOfVideosBefore: Double { Double(maximumCPUSeconds) / 4 }

  var confinement: Confinement {
    Confinement(
      memoryBytes: maximumMemory, cpuSeconds: maximumCPUSeconds + Int(cpuSecondsOfVideosBefore.rounded(.up)),
      isFiltered: sandbox == .required)
  }
}
