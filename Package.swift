// swift-tools-version: 6.2
import PackageDescription

/// Tests call the same C-free interfaces, so only the pointer audit is left out.
let strictTests: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// One set of compiler settings for every target: the strictest the language has.
let strict = strictTests + [.strictMemorySafety()]

/// A leaf or library of the thin common module.
func common(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/Common/\(path ?? name)",
    swiftSettings: strict)
}

/// An executable that is deployed on its own, with its units and its README beside it.
func handler(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "handlers/\(name)",
    exclude: ["README.md", "deploy"], swiftSettings: strict, linkerSettings: [loadsLibrariesItself])
}

/// A C library of Debian's; exactly one Swift target imports it. Its module map links it, unless that target loads it itself.
func library(_ name: String, package: String) -> Target {
  .systemLibrary(name: name, path: "Sources/CLibraries/\(name)", providers: [.apt([package])])
}

func tests(_ name: String, _ dependencies: [Target.Dependency], linked libraries: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)",
    swiftSettings: strictTests, linkerSettings: libraries.map { .linkedLibrary($0) })
}

/// What `--version` says; scripts/build/programs sets it.
let version = Context.environment["HANDLERS_VERSION"] ?? "development"

/// Calls of FFmpeg, libcurl and libpq are bound when they are made: by then the module that makes them has loaded the library
/// (`library_loading.h`). So a program loads what it uses: `render` of a file does without the forty libraries of the network.
let loadsLibrariesItself = LinkerSetting.unsafeFlags(
  ["-use-ld=lld", "-Xlinker", "--unresolved-symbols=ignore-in-object-files", "-Xlinker", "-z", "-Xlinker", "lazy"])

let package = Package(
  name: "thumbnail-handlers",
  targets: [
    // C libraries
    library("CFastCGI", package: "libfcgi-dev"),
    library("CLibPQ", package: "libpq-dev"),
    library("CLibCurl", package: "libcurl4-openssl-dev"),
    library("CLibAV", package: "libavfilter-dev"),
    library("CCrypto", package: "libssl-dev"),
    // What Swift's Glibc lacks
    .systemLibrary(name: "CGlibc", path: "Sources/CLibraries/CGlibc"),

    // Leaves
    common("Settings"),
    common("Logging", ["Settings", "Deadlines"]),
    common("Failures"),
    common("Deadlines"),
    common("Supervision"),
    common("Threads", ["CGlibc"]),
    .target(name: "CVersion", path: "Sources/Version", cSettings: [.define("HANDLERS_VERSION", to: "\"\(version)\"")]),
    common("CommandLineTool", ["CVersion"]),
    common("Programs", ["CommandLineTool", "Settings"]),
    common("Digests", ["CCrypto"]),

    // The thin common module
    common("Decoding", ["CGlibc", "Failures"]),
    common("DecoderClient", ["CGlibc", "Decoding", "Settings", "Logging", "Failures", "Deadlines"]),
    common("Auth", ["Settings", "Digests"]),
    common(
      "DatabaseClient", path: "Database/Client", ["CLibPQ", "CLibraryLoading", "Settings", "Logging", "Failures", "Deadlines"]),
    common("Database", path: "Database/Queries", ["DatabaseClient", "Settings", "Logging", "Failures", "Deadlines"]),
    common("Heartbeat", ["Database", "DatabaseClient", "Logging", "Deadlines"]),
    common("Transfer", ["CGlibc", "CLibCurl", "CLibraryLoading", "Settings", "Failures", "Deadlines"]),
    common("Uploads", ["Transfer", "Digests", "Settings", "Failures", "Deadlines", "Threads"]),
    common("HandlerCalls", ["Transfer", "CommandLineTool"]),
    common(
      "Webhooks",
      ["HandlerCalls", "CommandLineTool", "Transfer", "Database", "DatabaseClient", "Settings", "Logging", "Deadlines"]),
    common("GarbageCollection", ["Uploads", "Database", "Settings", "Logging", "Deadlines"]),

    .target(
      name: "FastCGI",
      dependencies: [
        "CFastCGI", "CProgramMemory", "CommandLineTool", "Auth", "Failures", "Deadlines", "Settings", "Supervision", "Threads",
        "Logging",
      ],
      path: "Sources/FastCGI",
      swiftSettings: strict),
    .target(
      name: "Media", dependencies: ["CLibAV", "CLibraryLoading", "Decoding", "Failures", "Deadlines"], path: "Sources/Media",
      swiftSettings: strict),

    .target(name: "CConfinement", path: "Sources/Confinement", linkerSettings: [.linkedLibrary("seccomp")]),
    .target(name: "CLibraryLoading", path: "Sources/LibraryLoading"),
    .target(name: "CProgramMemory", path: "Sources/ProgramMemory"),

    // Executables: the only places that combine the above
    .executableTarget(
      name: "thumbnail-decoder",
      dependencies: ["CConfinement", "CProgramMemory", "Media", "Decoding", "CommandLineTool", "Failures", "Deadlines"],
      path: "Sources/Decoder", swiftSettings: strict, linkerSettings: [loadsLibrariesItself]),
    handler(
      "auto-generate-thumbnail",
      [
        "FastCGI", "Decoding", "DecoderClient", "Auth", "Database", "DatabaseClient", "Transfer", "Uploads",
        "GarbageCollection", "Heartbeat", "CommandLineTool", "Programs", "Failures", "Deadlines", "Settings", "Logging",
      ]),
    handler(
      "retry-stuck-thumbnails",
      [
        "FastCGI", "Auth", "Database", "DatabaseClient", "Webhooks", "Uploads", "GarbageCollection", "Heartbeat",
        "CommandLineTool", "Programs", "Digests", "Failures", "Deadlines", "Settings", "Logging",
      ]),
    handler(
      "scheduled",
      [
        "FastCGI", "Auth", "HandlerCalls", "Transfer", "CommandLineTool", "Programs", "Failures", "Deadlines", "Settings",
        "Logging",
      ]),
    .executableTarget(
      name: "webhook-relay",
      dependencies: [
        "Database", "DatabaseClient", "Webhooks", "Heartbeat", "CommandLineTool", "Programs", "Deadlines", "Supervision",
        "Settings", "Logging",
      ],
      path: "Sources/WebhookRelay", exclude: ["README.md", "deploy"], swiftSettings: strict,
      linkerSettings: [loadsLibrariesItself]),

    // Tests
    tests(
      "CommonTests",
      [
        "Auth", "Database", "DatabaseClient", "Deadlines", "Settings", "Transfer", "Uploads", "HandlerCalls", "Webhooks",
        "Digests", "Failures", "CLibPQ", "Decoding", "DecoderClient", "Logging",
      ], linked: ["curl", "pq"]),
    tests(
      "MediaTests", ["Media", "CLibAV", "CLibraryLoading", "Deadlines", "Decoding", "Failures"],
      linked: ["avfilter", "avformat", "avcodec", "avutil"]),
    tests(
      "HandlerTests",
      [
        "auto-generate-thumbnail", "retry-stuck-thumbnails", "FastCGI", "Auth", "Settings", "Database", "DatabaseClient",
        "Deadlines", "Decoding", "Failures", "Logging", "Webhooks",
      ], linked: ["curl", "pq"]),
  ]
)
