import CLibraryLoading
import Testing

@testable import Media

@Suite struct LibraryLoadingTests {
  @Test func theLibrariesOfTheHeadersAreThere() throws {
    try Libraries.load()
    #expect(Inventory.missing.isEmpty)
  }

  @Test func aLibraryThatIsMissingIsNamed() throws {
    let reason = "libnone.so.7".withCString { name in
      var names: [UnsafePointer<CChar>?] = [name]
      return library_load(&names, 1).map { String(cString: $0) }
    }
    #expect(try #require(reason).hasPrefix("libnone.so.7: "))
  }
}
