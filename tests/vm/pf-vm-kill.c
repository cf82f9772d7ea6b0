/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into the helper by a test in the guest, never linked to it: kills it with SIGKILL at a moment
 * that is chosen by number, so that a test can do that at every step of a switch, one after the other.
 * Moments are: just after it has changed the journal, what is lent, or the owner of a node, and just after
 * each write to the kernel, which a child does for it. A child lives on when the helper is killed, and what
 * it has begun takes effect; an unbind can take long, and counts when it begins as well. The files are in the
 * folder that PF_VM_KILL names:
 *
 *   at        the moments at which to kill, by number, a line each
 *   moments   what was reached, a line each: number, CLOCK_MONOTONIC in milliseconds, what happened
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MAX_FILE 16383

static pid_t helper;
static const char *folder;

/* Programs that the helper starts are not meant. */
__attribute__ ((constructor)) static void
start (void)
{
  folder = getenv ("PF_VM_KILL");
  helper = getpid ();
  unsetenv ("LD_PRELOAD");
}

/* From here on only what may be called in a child of a process with threads. */
static int
open_file (const char *name, int flags)
{
  char path[256];

  snprintf (path, sizeof path, "%s/%s", folder, name);
  return open (path, flags | O_CLOEXEC);
}

static void
read_file (int fd, char *text)
{
  ssize_t length = pread (fd, text, MAX_FILE, 0);

  text[length > 0 ? length : 0] = '\0';
}

static int
is_wanted (long number)
{
  char text[MAX_FILE + 1] = "";
  char *at = text;
  int fd = open_file ("at", O_RDONLY);

  if (fd < 0)
    return 0;
  read_file (fd, text);
  close (fd);
  while (*at != '\0')
    if (strtol (at, &at, 10) == number)
      return 1;
    else
      at += strcspn (at, "0123456789");
  return 0;
}

static long
count_lines (int fd)
{
  char text[MAX_FILE + 1];
  long lines = 0;

  read_file (fd, text);
  for (const char *at = text; *at != '\0'; at++)
    lines += *at == '\n';
  return lines;
}

static void
reach (const char *what, const char *file)
{
  int saved_errno = errno;
  char line[512];
  struct timespec now;
  long number;
  int length;
  int fd = folder != NULL ? open_file ("moments", O_RDWR | O_APPEND) : -1;

  if (fd < 0)
    return;
  flock (fd, LOCK_EX);
  number = count_lines (fd) + 1;
  clock_gettime (CLOCK_MONOTONIC, &now);
  length = snprintf (line, sizeof line, "%ld %ld %s %s\n", number,
                     now.tv_sec * 1000L + now.tv_nsec / 1000000L, what, file);
  syscall (SYS_write, fd, line, (size_t) length);
  if (is_wanted (number))
    kill (helper, SIGKILL);
  close (fd);
  errno = saved_errno;
}

static int
is_unbind (const char *path)
{
  const char *name = strrchr (path, '/');

  return name != NULL && strcmp (name, "/unbind") == 0;
}

/* The journal, and what a child writes to in the kernel. */
static int
is_watched (int fd, char *path, size_t size)
{
  char link[64];
  ssize_t length;

  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink (link, path, size - 1);
  path[length > 0 ? length : 0] = '\0';
  return getpid () != helper ? strncmp (path, "/sys/", 5) == 0 : strcmp (path, "/run/portferry/journal") == 0;
}

ssize_t
write (int fd, const void *bytes, size_t length)
{
  char path[256];
  int watched = is_watched (fd, path, sizeof path);
  ssize_t result;

  if (watched && is_unbind (path))
    reach ("about to write", path);
  result = syscall (SYS_write, fd, bytes, length);
  if (watched)
    reach ("written", path);
  return result;
}

ssize_t
pwrite64 (int fd, const void *bytes, size_t length, off64_t offset)
{
  char path[256];
  int watched = is_watched (fd, path, sizeof path);
  ssize_t result;

  result = syscall (SYS_pwrite64, fd, bytes, length, offset);
  if (watched)
    reach ("written", path);
  return result;
}

int
rename (const char *from, const char *to)
{
  int result = (int) syscall (SYS_rename, from, to);

  reach ("replaced", to);
  return result;
}

int
renameat (int from_fd, const char *from, int to_fd, const char *to)
{
  int result = (int) syscall (SYS_renameat, from_fd, from, to_fd, to);

  reach ("replaced", to);
  return result;
}

int
unlink (const char *path)
{
  int result = (int) syscall (SYS_unlink, path);

  if (result == 0)
    reach ("removed", path);
  return result;
}

int
unlinkat (int fd, const char *path, int flags)
{
  int result = (int) syscall (SYS_unlinkat, fd, path, flags);

  if (result == 0)
    reach ("removed", path);
  return result;
}

int
fchownat (int fd, const char *path, uid_t uid, gid_t gid, int flags)
{
  int result = (int) syscall (SYS_fchownat, fd, path, uid, gid, flags);

  reach ("owner changed", path);
  return result;
}
