// The decoder's side of the protocol, without any of its checks.
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe.h"

static unsigned char body[1 << 16];
static size_t length;

void put_bytes(const void *bytes, size_t count) {
  memcpy(body + length, bytes, count);
  length += count;
}
void put(int64_t number) { put_bytes(&number, 8); }
void put_text(const char *text) {
  put((int64_t)strlen(text));
  put_bytes(text, strlen(text));
}

void send_all(const void *bytes, size_t count) {
  for (const char *rest = bytes; count;) {
    ssize_t sent = send(SOCKET, rest, count, MSG_NOSIGNAL);
    if (sent <= 0) _exit(0);
    rest += sent;
    count -= (size_t)sent;
  }
}

void head(unsigned char version, unsigned char type, uint32_t announced) {
  unsigned char bytes[8] = {version, type, 0, 0};
  memcpy(bytes + 4, &announced, 4);
  send_all(bytes, sizeof bytes);
}

unsigned char *gathers;
size_t gathered;

void say(unsigned char type) {
  if (gathers) {
    memcpy(gathers, body, length);
    gathered = length;
    gathers = NULL;
    length = 0;
    return;
  }
  head(1, type, (uint32_t)length);
  send_all(body, length);
  length = 0;
}

static void receive(unsigned char *into, size_t count) {
  while (count) {
    ssize_t received = recv(SOCKET, into, count, 0);
    if (received <= 0) _exit(0);
    into += received;
    count -= (size_t)received;
  }
}

size_t message(unsigned char *into) {
  unsigned char bytes[8];
  receive(bytes, sizeof bytes);
  uint32_t count;
  memcpy(&count, bytes + 4, 4);
  receive(into, count);
  return count;
}
