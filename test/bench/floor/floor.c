// What a broadcaster costs at least on this kernel: one thread that waits with epoll, takes datagrams with recvmmsg, frames each
// once as a WebSocket text into a ring, and sends every client what is new in one send. It checks and counts nothing.
// Usage: floor UDP_PORT TCP_PORT; prints "ready" once it listens, and ends when its standard input does.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

enum { RING_BYTES = 1 << 24, BATCH = 256, DATAGRAM_BYTES = 2048, EVENTS = 512, MAX_FD = 1 << 16, REQUEST_BYTES = 4096 };

struct client {
  uint64_t sent;  // up to where in the stream of all frames
  char *request;  // while the handshake is not complete
  int length;
  char is_open, waits_for_room;
};

static struct client clients[MAX_FD];
static int open_fds[MAX_FD], open_count, loop_fd;
static char ring[RING_BYTES];
static uint64_t written;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint32_t rotated(uint32_t value, int bits) { return value << bits | value >> (32 - bits); }

// SHA-1 of one message under 119 bytes (RFC 3174).
static void sha1(const char *text, size_t length, uint8_t digest[20]) {
  uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  uint8_t blocks[128] = {0};
  memcpy(blocks, text, length);
  blocks[length] = 0x80;
  size_t total = length + 9 <= 64 ? 64 : 128;
  for (int i = 0; i < 8; i++) blocks[total - 1 - i] = (uint64_t)length * 8 >> 8 * i;
  for (size_t at = 0; at < total; at += 64) {
    uint32_t w[80];
    for (int i = 0; i < 16; i++) {
      uint32_t word;
      memcpy(&word, blocks + at + 4 * i, 4);
      w[i] = ntohl(word);
    }
    for (int i = 16; i < 80; i++) w[i] = rotated(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 80; i++) {
      uint32_t f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
      uint32_t k = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 : i < 60 ? 0x8f1bbcdc : 0xca62c1d6;
      uint32_t next = rotated(a, 5) + f + e + k + w[i];
      e = d, d = c, c = rotated(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
  }
  for (int i = 0; i < 20; i++) digest[i] = h[i / 4] >> (24 - 8 * (i % 4));
}

static void base64(const uint8_t *bytes, int length, char *text) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int i = 0; i < length; i += 3) {
    uint32_t group = bytes[i] << 16 | (i + 1 < length ? bytes[i + 1] << 8 : 0) | (i + 2 < length ? bytes[i + 2] : 0);
    for (int j = 0; j < 4; j++) *text++ = i + j > length ? '=' : digits[group >> (18 - 6 * j) & 63];
  }
  *text = 0;
}

static void watch(int fd, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  if (epoll_ctl(loop_fd, operation, fd, &event) < 0) fail("epoll_ctl");
}

static void hang_up(int fd) {
  free(clients[fd].request);
  if (clients[fd].is_open) {
    for (int i = 0; i < open_count; i++)
      if (open_fds[i] == fd) open_fds[i] = open_fds[--open_count];
  }
  memset(&clients[fd], 0, sizeof clients[fd]);
  close(fd);
}

static void serve(int fd) {
  struct client *client = &clients[fd];
  while (client->sent < written) {
    if (written - client->sent > RING_BYTES) client->sent = written;  // fell out of the ring
    uint64_t start = client->sent % RING_BYTES;
    uint64_t length = written - client->sent;
    if (length > RING_BYTES - start) length = RING_BYTES - start;
    if (length == 0) return;
    ssize_t sent = send(fd, ring + start, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN) return;  // epoll tells of the end, too
      client->waits_for_room = 1;
      watch(fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
      return;
    }
    client->sent += sent;
  }
}

static void append(const void *bytes, size_t length) {
  uint64_t start = written % RING_BYTES, first = RING_BYTES - start;
  if (first > length) first = length;
  memcpy(ring + start, bytes, first);
  memcpy(ring, (const char *)bytes + first, length - first);
  written += length;
}

static void receive(int fd) {
  static char buffers[BATCH][DATAGRAM_BYTES];
  static struct iovec vectors[BATCH];
  static struct mmsghdr messages[BATCH];
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){buffers[i], DATAGRAM_BYTES};
    messages[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1};
  }
  int count = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT, NULL);
  for (int i = 0; i < count; i++) {
    unsigned length = messages[i].msg_len;
    uint8_t header[4] = {0x81, length < 126 ? length : 126, length >> 8, length};
    append(header, length < 126 ? 2 : 4);
    append(buffers[i], length);
  }
  if (count > 0)
    for (int i = 0; i < open_count; i++)
      if (!clients[open_fds[i]].waits_for_room) serve(open_fds[i]);
}

static void read_client(int fd) {
  struct client *client = &clients[fd];
  char ignored[REQUEST_BYTES];
  if (client->is_open) {
    if (recv(fd, ignored, sizeof ignored, MSG_DONTWAIT) <= 0) hang_up(fd);
    return;
  }
  if (client->request == NULL) client->request = calloc(1, REQUEST_BYTES + 1);
  ssize_t got = recv(fd, client->request + client->length, REQUEST_BYTES - client->length, MSG_DONTWAIT);
  if (got <= 0) {
    hang_up(fd);
    return;
  }
  client->length += got;
  char *key = strcasestr(client->request, "\r\nsec-websocket-key: ");
  if (key == NULL || strstr(client->request, "\r\n\r\n") == NULL) return;
  char seed[64], accept_key[32], answer[256];
  uint8_t digest[20];
  snprintf(seed, sizeof seed, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + 21);
  sha1(seed, strlen(seed), digest);
  base64(digest, 20, accept_key);
  int length = snprintf(answer, sizeof answer,
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: %s\r\n\r\n",
                        accept_key);
  if (send(fd, answer, length, MSG_NOSIGNAL) != length) {
    hang_up(fd);
    return;
  }
  free(client->request);
  client->request = NULL;
  client->is_open = 1;
  client->sent = written;
  open_fds[open_count++] = fd;
}

static int listening(int type, int port) {
  int fd = socket(AF_INET, type | SOCK_NONBLOCK, 0), on = 1;
  struct sockaddr_in address = {AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}, {0}};
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  if (type == SOCK_STREAM && listen(fd, 4096) < 0) fail("listen");
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  loop_fd = epoll_create1(0);
  int udp = listening(SOCK_DGRAM, atoi(argv[1])), tcp = listening(SOCK_STREAM, atoi(argv[2]));
  watch(udp, EPOLLIN, EPOLL_CTL_ADD);
  watch(tcp, EPOLLIN, EPOLL_CTL_ADD);
  watch(STDIN_FILENO, EPOLLIN, EPOLL_CTL_ADD);
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(loop_fd, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd == STDIN_FILENO) return 0;
      if (fd == udp) {
        receive(fd);
      } else if (fd == tcp) {
        int on = 1, accepted = accept4(tcp, NULL, NULL, SOCK_NONBLOCK);
        if (accepted < 0 || accepted >= MAX_FD) continue;
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(accepted, EPOLLIN, EPOLL_CTL_ADD);
      } else {
        if (events[i].events & EPOLLOUT) {
          clients[fd].waits_for_room = 0;
          watch(fd, EPOLLIN, EPOLL_CTL_MOD);
          serve(fd);
        }
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_client(fd);
      }
    }
  }
}
