import Deadlines
import Foundation
import Testing

@testable import Uploads

/// One after the other: how many calls may not have returned is counted for the whole process.
@Suite(.serialized) struct LocalStoreTests {
  private func withStore(_ body: (LocalStore, URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "local-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(LocalStore(LocalSettings(directory: folder.path, publicBaseURL: "https://videos.example")), folder)
  }

  @Test func whatIsTooLateLeavesNothingBehind() throws {
    try withStore { store, folder in
      let key = "thumbnails/a/1-1.jpg"
      #expect(throws: StorageError.self) {
        try store.put([1, 2, 3], key: key, contentType: "image/jpeg", deadline: .after(seconds: -1))
      }
      #expect(try store.get(key, deadline: .after(seconds: 9)) == nil)
      #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasSuffix(".part") })
      try store.put([1, 2, 3], key: key, contentType: "image/jpeg", deadline: .after(seconds: 9))
      #expect(try store.get(key, deadline: .after(seconds: 9)) == [1, 2, 3])
      #expect(throws: StorageError.self) { try store.get(key, deadline: .after(seconds: -1)) }
      #expect(throws: StorageError.self) { try store.delete(key, deadline: .after(seconds: -1)) }
      #expect(throws: StorageError.self) {
        try store.list(prefix: ObjectKey.prefix, after: "", limit: 9, deadline: .after(seconds: -1))
      }
    }
  }

  /// A call to a named pipe that nobody reads does not return.
  @Test func aFileSystemMayStopAnswering() throws {
    try withStore { store, folder in
      let parent = folder.appending(path: "thumbnails/a")
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
      func put(_ name: String, within seconds: Double) throws {
        try store.put([1, 2, 3], key: "thumbnails/a/\(name)", contentType: "image/jpeg", deadline: .after(seconds: seconds))
      }
      func isTooSlow(_ error: any Error) -> Bool { "\(error)".contains("too slow for the deadline") }
      let pipes = (1...8).map { parent.appending(path: ".\($0).jpg.\(getpid()).part").path }
      for (number, pipe) in pipes.enumerated() {
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect { try put("\(number + 1).jpg", within: 0.01) } throws: { isTooSlow($0) }
        // Others are not held up, until too many have not returned.
        if number < 7 {
          try put("sound.jpg", within: 9)
        } else {
          #expect { try put("sound.jpg", within: 9) } throws: { isTooSlow($0) }
        }
      }
      // Their file system is there again.
      let readers = pipes.map { open($0, O_RDONLY | O_NONBLOCK) }
      defer { for reader in readers { close(reader) } }
      while (try? put("sound.jpg", within: 9)) == nil { usleep(10_000) }
      #expect(try store.get("thumbnails/a/sound.jpg", deadline: .after(seconds: 9)) == [1, 2, 3])
    }
  }

  /// /proc is of such a file system.
  @Test func aFileSystemMayKnowNoSyncOfFolders() throws {
    try withStore { store, _ in
      try store.syncFolder("/proc")
      #expect(throws: StorageError.self) { try store.syncFolder("/proc/missing") }
    }
  }

  @Test func anybodyMayReadWhateverTheMask() throws {
    try withStore { store, folder in
      let mask = umask(0o077)
      defer { _ = umask(mask) }
      try store.put([1, 2, 3], key: "thumbnails/a/1-1.jpg", contentType: "image/jpeg", deadline: .after(seconds: 9))
      for (path, mode) in [("thumbnails", 0o755), ("thumbnails/a", 0o755), ("thumbnails/a/1-1.jpg", 0o644)] {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: path).path)
        #expect(attributes[.posixPermissions] as? Int == mode)
      }
    }
  }

  @Test(arguments: ["../a.jpg", "thumbnails/../../a.jpg", "/etc/passwd", ""])
  func noKeyLeadsOutOfTheFolder(key: String) throws {
    try withStore { store, _ in
      let deadline = Deadline.after(seconds: 9)
      #expect(throws: StorageError.self) { try store.put([1], key: key, contentType: "image/jpeg", deadline: deadline) }
      #expect(throws: StorageError.self) { try store.get(key, deadline: deadline) }
      #expect(throws: StorageError.self) { try store.delete(key, deadline: deadline) }
    }
  }

  @Test("pages follow each other, over empty folders and files of one video", arguments: [1, 2, 3, 100])
  func pages(limit: Int) throws {
    try withStore { store, folder in
      let keys = (0..<7).map { "thumbnails/video-\($0)/picture-1.jpg" }
      for key in keys.shuffled() { try store.put([1], key: key, contentType: "image/jpeg", deadline: .after(seconds: 9)) }
      for number in 0..<9 {
        let empty = folder.appending(path: "thumbnails/video-1\(number)")
        try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
      }
      // Nobody's: beside the folder and in it.
      for path in ["a.jpg", "thumbnails/a.jpg"] { try Data([1]).write(to: folder.appending(path: path)) }
      var found: [String] = []
      var after = ""
      repeat {
        let page = try store.list(prefix: ObjectKey.prefix, after: after, limit: limit, deadline: .after(seconds: 9))
        #expect(page.entries.count <= limit)
        found += page.entries.map(\.key)
        after = page.next ?? ""
      } while !after.isEmpty
      #expect(found == keys)
    }
  }

  @Test func whatBelongsToOneClaim() throws {
    try withStore { store, _ in
      for key in ["a/1-1.jpg", "b/1-1.jpg", "b/1-1-480.webp", "b/1-1-960.webp", "b/1-2.jpg", "b/1-2-480.webp"] {
        try store.put([1], key: "thumbnails/\(key)", contentType: "image/jpeg", deadline: .after(seconds: 9))
      }
      let listing = try store.list(prefix: "thumbnails/b/1-1-", after: "", limit: 100, deadline: .after(seconds: 9))
      #expect(listing.entries.map(\.key) == ["thumbnails/b/1-1-480.webp", "thumbnails/b/1-1-960.webp"])
      #expect(listing.next == nil)
      #expect(
        try store.list(prefix: "thumbnails/c/1-1-", after: "", limit: 100, deadline: .after(seconds: 9)).entries.isEmpty)
    }
  }
}
