#pragma once
#include <stdbool.h>
// Reading containers, through our own AVIOContext.
#include <libavformat/avformat.h>
#include <libavformat/avio.h>
// Decoders, and the JPEG encoder.
#include <libavcodec/avcodec.h>
// The field's own scale, crop, rotation, tone-map and statistics filters.
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
// Display matrix (rotation and mirroring), pixel format facts, errors, logging.
#include <libavutil/display.h>
#include <libavutil/error.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>
// mallopt: Swift's Glibc leaves <malloc.h> out, and decoded pictures are what there is to give back.
#include <malloc.h>

// AVERROR(x) and the tag macros are computed, which Swift does not import.
static inline int cav_error_again(void) { return AVERROR(EAGAIN); }
static inline int cav_error_io(void) { return AVERROR(EIO); }
static inline int cav_error_no_memory(void) { return AVERROR(ENOMEM); }
static inline int cav_error_eof(void) { return AVERROR_EOF; }
static inline int cav_error_exit(void) { return AVERROR_EXIT; }
static inline int cav_error_invalid_data(void) { return AVERROR_INVALIDDATA; }
static inline int cav_error_decoder_not_found(void) { return AVERROR_DECODER_NOT_FOUND; }
static inline int cav_error_stream_not_found(void) { return AVERROR_STREAM_NOT_FOUND; }
static inline int cav_error_patch_welcome(void) { return AVERROR_PATCHWELCOME; }
static inline int64_t cav_no_pts(void) { return AV_NOPTS_VALUE; }
static inline int64_t cav_time_base(void) { return AV_TIME_BASE; }
static inline AVRational cav_time_base_q(void) { return (AVRational){1, AV_TIME_BASE}; }

// av_log's callback takes a va_list: format here, hand over a finished line.
typedef void (*cav_log_sink)(int level, const char *line);
// In a function: Swift emits no definition for a variable of a header.
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
static inline void cav_return_large_blocks(void) { mallopt(M_MMAP_THRESHOLD, 1 << 20); }

// Gives a frame the memory of another one of the same format and size; false where they differ or memory is exhausted.
static inline bool cav_share_buffers(AVFrame *frame, const AVFrame *other) {
  if (!other->buf[0] || other->format != frame->format || other->width != frame->width || other->height != frame->height) return false;
  for (int i = 0; i < AV_NUM_DATA_POINTERS; i++) {
    frame->data[i] = other->data[i];
    frame->linesize[i] = other->linesize[i];
    if (other->buf[i] && !(frame->buf[i] = av_buffer_ref(other->buf[i]))) {
      while (i-- > 0) av_buffer_unref(&frame->buf[i]);
      return false;
    }
  }
  frame->extended_data = frame->data;
  return true;
}
