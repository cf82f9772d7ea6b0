/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into the helper by a test in the guest, never linked to it: kills it with SIGKILL just before it,
 * or a child that writes to the kernel for it, changes something on disk or in the kernel. So a test can do
 * that at every step of a switch, one after the other. The files are in the folder that PF_VM_KILL names:
 *
 *   at        the moments at which to kill, by number, a line each
 *   moments   what was reached, a line each: number, CLOCK_MONOTONIC in milliseconds, call, file
 *
 * A child lives on when the helper is killed, and what it has begun takes effect, as it would without this.
 */
#include <dlfcn.h>
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
static pid_t (*real_fork) (void);

/* Programs that the helper starts are not meant. */
__attribute__ ((constructor)) static void
start (void)
{
  folder = getenv ("PF_VM_KILL");
  helper = getpid ();
  *(void **) &real_fork = dlsym (RTLD_NEXT, "fork");
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
reach (const char *call, const char *file)
{
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
  length
      = snprintf (line, sizeof line, "%ld %ld %s%s %s\n", number, now.tv_sec * 1000L + now.tv_nsec / 1000000L,
                  getpid () == helper ? "" : "child: ", call, file);
  syscall (SYS_write, fd, line, (size_t) length);
  if (is_wanted (number))
    kill (helper, SIGKILL);
  close (fd);
}

/* Pipes and the like are no matter. */
static void
reach_fd (const char *call, int fd)
{
  char link[64];
  char path[256];
  struct stat status;
  ssize_t length;

  if (fstat (fd, &status) < 0 || !(S_ISREG (status.st_mode) || S_ISDIR (status.st_mode)))
    return;
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink (link, path, sizeof path - 1);
  path[length > 0 ? length : 0] = '\0';
  reach (call, path);
}

ssize_t
write (int fd, const void *bytes, size_t length)
{
  reach_fd ("write", fd);
  return syscall (SYS_write, fd, bytes, length);
}

ssize_t
pwrite64 (int fd, const void *bytes, size_t length, off64_t offset)
{
  reach_fd ("pwrite", fd);
  return syscall (SYS_pwrite64, fd, bytes, length, offset);
}

int
fsync (int fd)
{
  reach_fd ("fsync", fd);
  return (int) syscall (SYS_fsync, fd);
}

int
fdatasync (int fd)
{
  reach_fd ("fdatasync", fd);
  return (int) syscall (SYS_fdatasync, fd);
}

int
rename (const char *from, const char *to)
{
  reach ("rename", to);
  return (int) syscall (SYS_rename, from, to);
}

int
renameat (int from_fd, const char *from, int to_fd, const char *to)
{
  reach ("rename", to);
  return (int) syscall (SYS_renameat, from_fd, from, to_fd, to);
}

int
unlink (const char *path)
{
  reach ("unlink", path);
  return (int) syscall (SYS_unlink, path);
}

int
unlinkat (int fd, const char *path, int flags)
{
  reach ("unlink", path);
  return (int) syscall (SYS_unlinkat, fd, path, flags);
}

int
fchownat (int fd, const char *path, uid_t uid, gid_t gid, int flags)
{
  reach ("chown", path);
  return (int) syscall (SYS_fchownat, fd, path, uid, gid, flags);
}

int
chmod (const char *path, mode_t mode)
{
  reach ("chmod", path);
  return (int) syscall (SYS_chmod, path, mode);
}

pid_t
fork (void)
{
  reach ("fork", "");
  return real_fork ();
}
