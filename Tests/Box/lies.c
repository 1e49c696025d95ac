// Messages that are none, pictures that are none, and one of each that is.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probe.h"

// A table, a start of frame of 64 by 36 pixels, and a scan.
static const char small[] = "\xff\xd8\xff\xdb\0\4\0\0\xff\xc0\0\x0b\x08\0\x24\0\x40\x01\x01\x11\0\xff\xda\0\2\1\xff\0\2\xff\xd9";
enum { SMALL = sizeof small - 1, HEIGHT_IN_SMALL = 13 };

// These bytes as a picture of this size.
static void encoded(const void *bytes, size_t count, int64_t width, int64_t height) {
  put((int64_t)count);
  put_bytes(bytes, count);
  put(width);
  put(height);
  put_text("jpeg");
  say(ENCODED);
}

// That is all, and how it came to be: `measure` for every time there is to be told.
static void finish(double measure) {
  int64_t bits;
  memcpy(&bits, &measure, 8);
  put(0);
  put(0);
  put_text("16:9");
  put(bits);
  for (int i = 0; i < 2; i++) {
    put_bytes("\1", 1);
    put(bits);
  }
  // Candidates, and how many each of six gates turned down.
  for (int i = 0; i < 7; i++) put(0);
  put_bytes("\0\0", 2);
  put(0);
  put(0);
  put_text("mov");
  put_text("h264");
  put(64);
  put(36);
  put(1);
  put_text("open");
  put(bits);
  put(0);
  say(PICTURE);
}

static void picture(const void *bytes, size_t count, int64_t width, int64_t height) {
  encoded(bytes, count, width, height);
  finish(1);
}

bool lie(const char *what) {
  static const unsigned char nothing[1 << 16];
  if (!strcmp(what, "flood")) for (;;) say(PROGRESS);
  else if (!strcmp(what, "endless")) { head(1, PICTURE, UINT32_MAX); for (;;) send_all(nothing, sizeof nothing); }
  else if (!strcmp(what, "version")) head(9, PROGRESS, 0);
  else if (!strcmp(what, "type")) head(1, 200, 0);
  else if (!strcmp(what, "job")) say(JOB);
  else if (!strcmp(what, "negative")) { put(-1); put(1); put(1); say(READ); }
  else if (!strcmp(what, "huge")) { put(0); put(1LL << 40); put(1LL << 40); say(READ); }
  else if (!strcmp(what, "short")) { put(0); say(READ); }
  else if (!strcmp(what, "slow")) for (head(1, READ, 64);; usleep(20000)) send_all("", 1);
  else if (!strcmp(what, "honest")) picture(small, SMALL, 64, 36);
  else if (!strcmp(what, "absurd")) {
    encoded(small, SMALL, 64, 36);
    finish(1e308);
  } else if (!strcmp(what, "twice")) for (int i = 0; i < 2; i++) encoded(small, SMALL, 64, 36);
  else if (!strcmp(what, "none")) finish(1);
  else if (!strcmp(what, "unasked")) {
    encoded(small, SMALL, 64, 36);
    // In one piece, so that what must not be there has come with what must.
    unsigned char both[8192];
    unsigned char first[8] = {1, PICTURE}, second[8] = {1, PROGRESS};
    gathers = both + 8;
    finish(1);
    uint32_t count = (uint32_t)gathered;
    memcpy(first + 4, &count, 4);
    memcpy(both, first, 8);
    memcpy(both + 8 + count, second, 8);
    send_all(both, count + 16);
  } else if (!strcmp(what, "behind")) {
    char bytes[SMALL + 10];
    memcpy(bytes, small, SMALL);
    memcpy(bytes + SMALL, "<script>\xff\xd9", 10);
    picture(bytes, sizeof bytes, 64, 36);
  } else if (!strcmp(what, "comment")) {
    char bytes[SMALL + 12] = "\xff\xd8\xff\xfe\0\x0a<script>";
    memcpy(bytes + 14, small + 2, SMALL - 2);
    picture(bytes, sizeof bytes, 64, 36);
  } else if (!strcmp(what, "text")) picture("<script>alert(1)</script>", 25, 64, 36);
  else if (!strcmp(what, "size")) picture(small, SMALL, 640, 360);
  else if (!strcmp(what, "wide")) {
    char bytes[SMALL];
    memcpy(bytes, small, SMALL);
    memcpy(bytes + HEIGHT_IN_SMALL, "\x08\0\x08\0", 4);
    picture(bytes, sizeof bytes, 2048, 2048);
  }
  else if (!strcmp(what, "control")) snprintf(said, sizeof said, "line\nbreak \x1b[31mred\x07");
  else return false;
  return true;
}
