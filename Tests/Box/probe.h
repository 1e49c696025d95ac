// What the parts of the probe share: how it talks with the worker, and what it may try.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { SOCKET = 3, CONFIGURE = 1, JOB = 16, READY = 32, READ = 48, PROGRESS = 49, PICTURE = 50, FAILURE = 51, ENCODED = 52 };

// Whose child this is: what is done to others is done to it alone, should the box be open.
extern pid_t worker;
// What is answered: what the kernel said.
extern char said[900];

// Fields of the next message.
void put_bytes(const void *bytes, size_t count);
void put(int64_t number);
void put_text(const char *text);
// Sends them as a message, or keeps them in `gathers` where that is set, and their number in `gathered`.
void say(unsigned char type);
extern unsigned char *gathers;
extern size_t gathered;
// Parts of a message, as they are.
void head(unsigned char version, unsigned char type, uint32_t announced);
void send_all(const void *bytes, size_t count);
// The body of the next message, and its length.
size_t message(unsigned char *into);

void *wait_for_ever(void *unused);

// Each tries what it is told to, and says false where it does not know it.
bool try_call(const char *what);
bool lie(const char *what);
