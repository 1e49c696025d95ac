#pragma once
// FCGX_Request and the reentrant calls (FCGX_Accept_r, FCGX_Finish_r …).
#include <fcgiapp.h>
// sigset_t, pthread_kill and friends, by which SIGTERM ends the accept loop.
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
// epoll, to wait at the listening socket and wake one process at a time.
#include <sys/epoll.h>
