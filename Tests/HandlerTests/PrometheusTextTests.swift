import Testing

@testable import retry_stuck_thumbnails

@Suite struct PrometheusTextTests {
  @Test func labelsAreEscapedAndNumbersArePlain() {
    var page = PrometheusText()
    page.add("a_total", .counter, "Some.", 3)
    page.add("b", .gauge, "Others.", [PrometheusText.Sample(labels: [("x", "q\"b\\s\nn")], value: 0.25)])
    #expect(
      page.text
        == "# HELP a_total Some.\n# TYPE a_total counter\na_total 3\n# HELP b Others.\n# TYPE b gauge\nb{x=\"q\\\"b\\\\s\\nn\"} 0.25\n"
    )
  }

  @Test("a quote with an accent on it is a quote, too")
  func combiningCharacters() {
    var page = PrometheusText()
    page.add("a", .gauge, "Some.", [PrometheusText.Sample(labels: [("x", "\"\u{301}\\\u{301}")], value: 1)])
    #expect(page.text.hasSuffix("\na{x=\"\\\"\u{301}\\\\\u{301}\"} 1\n"))
  }
}
