internal import Decoding
internal import FoundationEssentials
package import Settings

/// Where the decoder is, and what it may use.
package struct DecoderSettings: Sendable {
  /// `DECODER_PATH`: the program (`thumbnail-decoder` in the folder of this one).
  package var path: String
  /// `MEDIA_SANDBOX`: `required`, or `off` where the kernel cannot filter system calls.
  package var sandbox = Sandbox.required
  /// `MEDIA_MAX_MEMORY`: bytes a decoder may write to (768 MiB: 8K in 10 bits and 36 megapixels fit).
  package var maximumMemory = 768 << 20
  /// `MEDIA_MAX_CPU`: seconds of processor time a video may take (60).
  package var maximumCPUSeconds = 60
  /// `MEDIA_CHILD_JOBS`: videos of one tenant that a decoding process serves one after the other (16; 1: each has its own).
  package var jobsPerChild = 16

  package enum Sandbox: String, Sendable, CaseIterable {
    case required, off
  }

  package init(_ reader: inout SettingsReader) {
    path = reader.text("DECODER_PATH", fallback: Self.besideThisProgram)
    sandbox = reader.choice("MEDIA_SANDBOX", fallback: sandbox)
    maximumMemory = reader.integer("MEDIA_MAX_MEMORY", fallback: maximumMemory, in: (64 << 20)...(1 << 40))
    maximumCPUSeconds = reader.integer("MEDIA_MAX_CPU", fallback: maximumCPUSeconds, in: 1...3600)
    jobsPerChild = reader.integer("MEDIA_CHILD_JOBS", fallback: jobsPerChild, in: 1...1000)
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
