internal import CLibAV
internal import Decoding

/// Runs one picture through libavfilter.
enum FilterGraph {
  /// - Parameter chain: filters in libavfilter's notation.
  static func run(_ frame: borrowing Frame, chain: String) throws(MediaError) -> Frame {
    var graph = unsafe avfilter_graph_alloc()
    guard unsafe graph != nil else { throw MediaError.memory }
    defer { unsafe avfilter_graph_free(&graph) }
    unsafe graph!.pointee.nb_threads = 1

    var source: UnsafeMutablePointer<AVFilterContext>?
    var sink: UnsafeMutablePointer<AVFilterContext>?
    let format = unsafe frame.raw.pointee.format
    var description = "video_size=\(frame.width)x\(frame.height):pix_fmt=\(format):time_base=1/1:pixel_aspect=1/1"
    if cav_source_takes_colours() {
      description +=
        unsafe ":colorspace=\(frame.raw.pointee.colorspace.rawValue):range=\(frame.raw.pointee.color_range.rawValue)"
    }
    try check(unsafe avfilter_graph_create_filter(&source, avfilter_get_by_name("buffer"), "in", description, nil, graph))
    try check(unsafe avfilter_graph_create_filter(&sink, avfilter_get_by_name("buffersink"), "out", nil, nil, graph))

    var outputs = unsafe avfilter_inout_alloc()
    var inputs = unsafe avfilter_inout_alloc()
    defer {
      unsafe avfilter_inout_free(&outputs)
      unsafe avfilter_inout_free(&inputs)
    }
    guard unsafe outputs != nil, unsafe inputs != nil else { throw MediaError.memory }
    unsafe outputs!.pointee.name = av_strdup("in")
    unsafe outputs!.pointee.filter_ctx = source
    unsafe outputs!.pointee.pad_idx = 0
    unsafe inputs!.pointee.name = av_strdup("out")
    unsafe inputs!.pointee.filter_ctx = sink
    unsafe inputs!.pointee.pad_idx = 0
    try check(unsafe avfilter_graph_parse_ptr(graph, chain, &inputs, &outputs, nil))
    try check(unsafe avfilter_graph_config(graph, nil))

    let result = try Frame()
    try check(unsafe av_buffersrc_add_frame_flags(source, frame.raw, Int32(AV_BUFFERSRC_FLAG_KEEP_REF)))
    try check(unsafe av_buffersrc_add_frame_flags(source, nil, 0))
    try check(unsafe av_buffersink_get_frame(sink, result.raw))
    return result
  }

  private static func check(_ code: Int32) throws(MediaError) {
    guard code < 0 else { return }
    throw MediaError(.undecodable, "the picture cannot be converted", code: AVErrorCode(rawValue: code))
  }
}
