#pragma once
// FCGX_Request and the reentrant calls (FCGX_Accept_r, FCGX_Finish_r …).
#include <fcgiapp.h>
// sigset_t, pthread_kill and friends: the stop protocol of the accept loop.
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
// Waiting at the listening socket, one process at a time.
#include <sys/epoll.h>
