// The floor of a thumbnail: open, seek, decode one keyframe, scale, JPEG, in a process that is warm, with two threads and nothing else. For each
// path on standard input it prints the milliseconds of time and of processor time it took.
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void need(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "floor: %s\n", what);
  exit(1);
}

static double milliseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static AVFrame *keyframe(const char *path) {
  AVFormatContext *file = NULL;
  need(avformat_open_input(&file, path, NULL, NULL) == 0, path);
  int number = av_find_best_stream(file, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
  need(number >= 0, "no video stream");
  AVStream *stream = file->streams[number];
  AVCodecContext *codec = avcodec_alloc_context3(avcodec_find_decoder(stream->codecpar->codec_id));
  need(codec && avcodec_parameters_to_context(codec, stream->codecpar) >= 0, "no decoder");
  codec->thread_count = 2;
  codec->thread_type = FF_THREAD_SLICE;
  need(avcodec_open2(codec, NULL, NULL) == 0, "the decoder does not open");
  need(av_seek_frame(file, number, stream->duration / 3, AVSEEK_FLAG_BACKWARD) >= 0, "no seeking");
  AVPacket *packet = av_packet_alloc();
  AVFrame *frame = av_frame_alloc();
  do {
    av_packet_unref(packet);
    need(av_read_frame(file, packet) == 0, "no keyframe");
  } while (packet->stream_index != number || !(packet->flags & AV_PKT_FLAG_KEY));
  need(avcodec_send_packet(codec, packet) == 0 && avcodec_send_packet(codec, NULL) == 0 && avcodec_receive_frame(codec, frame) == 0,
       "the keyframe is not decoded");
  av_packet_free(&packet);
  avcodec_free_context(&codec);
  avformat_close_input(&file);
  return frame;
}

static AVFrame *scaled(const AVFrame *frame) {
  AVFrame *small = av_frame_alloc();
  small->width = frame->width < 960 ? frame->width : 960;
  small->height = (int)((int64_t)frame->height * small->width / frame->width) & ~1;
  small->format = AV_PIX_FMT_YUVJ420P;
  need(av_frame_get_buffer(small, 0) == 0, "no memory");
  struct SwsContext *context = sws_getContext(frame->width, frame->height, frame->format, small->width, small->height, small->format,
                                              SWS_BICUBIC | SWS_ACCURATE_RND, NULL, NULL, NULL);
  need(context != NULL, "no scaler");
  sws_scale(context, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, small->data, small->linesize);
  sws_freeContext(context);
  return small;
}

static int jpeg(AVFrame *frame) {
  AVCodecContext *codec = avcodec_alloc_context3(avcodec_find_encoder(AV_CODEC_ID_MJPEG));
  codec->width = frame->width;
  codec->height = frame->height;
  codec->pix_fmt = frame->format;
  codec->time_base = (AVRational){1, 1};
  codec->flags |= AV_CODEC_FLAG_QSCALE;
  codec->global_quality = 5 * FF_QP2LAMBDA;
  codec->thread_count = 1;
  need(avcodec_open2(codec, NULL, NULL) == 0, "no JPEG");
  frame->quality = codec->global_quality;
  AVPacket *packet = av_packet_alloc();
  need(avcodec_send_frame(codec, frame) == 0 && avcodec_receive_packet(codec, packet) == 0, "no JPEG");
  int bytes = packet->size;
  av_packet_free(&packet);
  avcodec_free_context(&codec);
  return bytes;
}

int main(void) {
  char path[4096];
  av_log_set_level(AV_LOG_QUIET);
  while (fgets(path, sizeof path, stdin)) {
    path[strcspn(path, "\n")] = 0;
    double wall = milliseconds(CLOCK_MONOTONIC), cpu = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
    AVFrame *frame = keyframe(path), *small = scaled(frame);
    int bytes = jpeg(small);
    av_frame_free(&frame);
    av_frame_free(&small);
    printf("%.3f %.3f %d\n", milliseconds(CLOCK_MONOTONIC) - wall, milliseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, bytes);
    fflush(stdout);
  }
  return 0;
}
