#pragma once
#include <stdbool.h>
// Demuxers, which read through our own AVIOContext.
#include <libavformat/avformat.h>
#include <libavformat/avio.h>
// Decoders and encoders.
#include <libavcodec/avcodec.h>
// Filters that scale, crop, rotate and tone-map, instead of code of our own.
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
// The Dolby Vision profile of a track, and which parts of a sample are encrypted.
#include <libavutil/dovi_meta.h>
#include <libavutil/encryption_info.h>
// Errors, line sizes, logging, and properties of pixel formats.
#include <libavutil/error.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/pixdesc.h>
// How a stereoscopic picture holds the two eyes.
#include <libavutil/stereo3d.h>
#include <stdio.h>

// The names of the libraries for the headers' major versions. They are loaded by name.
#define CAV_LIBRARY(name, major) "lib" name ".so." AV_STRINGIFY(major)
static inline const char *const *cav_libraries(size_t *count) {
  static const char *const names[] = {
      CAV_LIBRARY("avutil", LIBAVUTIL_VERSION_MAJOR), CAV_LIBRARY("avcodec", LIBAVCODEC_VERSION_MAJOR),
      CAV_LIBRARY("avformat", LIBAVFORMAT_VERSION_MAJOR), CAV_LIBRARY("avfilter", LIBAVFILTER_VERSION_MAJOR)};
  *count = sizeof names / sizeof *names;
  return names;
}

// AVERROR(x) and these constants are computed macros, which Swift does not import.
static inline int cav_error_no_memory(void) { return AVERROR(ENOMEM); }
static inline int cav_error_eof(void) { return AVERROR_EOF; }
static inline int cav_error_exit(void) { return AVERROR_EXIT; }
static inline int64_t cav_no_pts(void) { return AV_NOPTS_VALUE; }
static inline int64_t cav_time_base(void) { return AV_TIME_BASE; }

// av_log's callback takes a va_list. It is formatted here, and a finished line is passed on.
typedef void (*cav_log_sink)(int level, const char *line);
// A static variable of a function, since Swift emits no definition for a variable of a header.
static inline cav_log_sink *cav_sink_slot(void) {
  static cav_log_sink sink;
  return &sink;
}
static inline void cav_log_line(void *context, int level, const char *format, va_list arguments) {
  if (level > av_log_get_level() || !*cav_sink_slot()) return;
  char line[512];
  int prefix = 1;
  av_log_format_line2(context, level, format, arguments, line, sizeof line, &prefix);
  (*cav_sink_slot())(level, line);
}
static inline void cav_set_log_sink(cav_log_sink sink) {
  *cav_sink_slot() = sink;
  av_log_set_callback(cav_log_line);
}

// Whether a picture is interlaced: a flag since FFmpeg 6.1, a member of its own before.
static inline bool cav_is_interlaced(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_INTERLACED
  return frame->flags & AV_FRAME_FLAG_INTERLACED;
#else
  return frame->interlaced_frame;
#endif
}
static inline void cav_set_interlaced(AVFrame *frame, bool is_interlaced, bool is_top_first) {
#ifdef AV_FRAME_FLAG_INTERLACED
  frame->flags &= ~(AV_FRAME_FLAG_INTERLACED | AV_FRAME_FLAG_TOP_FIELD_FIRST);
  frame->flags |= (is_interlaced ? AV_FRAME_FLAG_INTERLACED : 0) | (is_top_first ? AV_FRAME_FLAG_TOP_FIELD_FIRST : 0);
#else
  frame->interlaced_frame = is_interlaced;
  frame->top_field_first = is_top_first;
#endif
}
// Whether a picture needs no other: a flag since FFmpeg 6.1, a member of its own before.
static inline bool cav_is_keyframe(const AVFrame *frame) {
#ifdef AV_FRAME_FLAG_KEY
  return frame->flags & AV_FRAME_FLAG_KEY;
#else
  return frame->key_frame;
#endif
}
// Side data of a track: stored with its parameters since FFmpeg 6.1, with its stream before.
static inline const uint8_t *cav_side_data(const AVStream *stream, enum AVPacketSideDataType type, size_t *size) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 30, 100) // FFmpeg 6.1
  const AVPacketSideData *data =
      av_packet_side_data_get(stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, type);
  *size = data ? data->size : 0;
  return data ? data->data : NULL;
#else
  return av_stream_get_side_data(stream, type, size);
#endif
}
// Whether a graph's source has to be told matrix and range. From FFmpeg 7 on it takes them as unknown otherwise, whatever the frame says.
static inline bool cav_source_takes_colours(void) { return LIBAVFILTER_VERSION_MAJOR >= 10; }

// Points a frame's planes into one buffer, which the frame then owns.
static inline void cav_lay_out(AVFrame *frame, AVBufferRef *buffer, const ptrdiff_t *offsets, const int *lines, int planes) {
  frame->buf[0] = buffer;
  for (int i = 0; i < planes; i++) {
    frame->data[i] = buffer->data + offsets[i];
    frame->linesize[i] = lines[i];
  }
  frame->extended_data = frame->data;
}
