/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As many as the kernel follows itself. */
#define MAX_LINKS 40

/* @place has no link and no ".." in it, which is why going up from it is a matter of text. */
typedef struct
{
  int root;
  char place[PATH_MAX];
  char rest[PATH_MAX];
} Walk;

static gboolean
fail (int number)
{
  errno = number;
  return FALSE;
}

static int
open_here (const Walk *walk, int flags)
{
  struct open_how how = {
    .flags = (guint64) flags,
    .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
  };
  int descriptor;

  do
    descriptor
        = (int) syscall (SYS_openat2, walk->root, *walk->place != '\0' ? walk->place : ".", &how, sizeof how);
  while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

static gboolean
go_up (Walk *walk)
{
  char *slash = strrchr (walk->place, '/');

  if (*walk->place == '\0')
    return fail (EXDEV);
  *(slash != NULL ? slash : walk->place) = '\0';
  return TRUE;
}

static gboolean
go_down (Walk *walk, const char *name, gsize name_length)
{
  gsize length = strlen (walk->place);

  if (length + 1 + name_length >= sizeof walk->place)
    return fail (ENAMETOOLONG);
  if (length > 0)
    walk->place[length++] = '/';
  memcpy (walk->place + length, name, name_length);
  walk->place[length + name_length] = '\0';
  return TRUE;
}

/* Puts what the link at @place says in front of the rest of the way. */
static gboolean
follow (Walk *walk, int link)
{
  char target[PATH_MAX];
  gssize length = readlinkat (link, "", target, sizeof target);
  gsize rest = strlen (walk->rest);

  if (length <= 0)
    return fail (length < 0 ? errno : ENOENT);
  if (target[0] == '/')
    return fail (EXDEV);
  if ((gsize) length + 1 + rest >= sizeof walk->rest)
    return fail (ENAMETOOLONG);
  memmove (walk->rest + length + 1, walk->rest, rest + 1);
  memcpy (walk->rest, target, (gsize) length);
  walk->rest[length] = '/';
  return go_up (walk);
}

/* Where @place is a link, goes where it leads. */
static gboolean
look (Walk *walk, guint *links)
{
  int descriptor = open_here (walk, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  struct stat status;
  gboolean done;
  int number;

  if (descriptor < 0)
    return FALSE;
  done = fstat (descriptor, &status) == 0;
  if (done && S_ISLNK (status.st_mode))
    done = ++*links <= MAX_LINKS ? follow (walk, descriptor) : fail (ELOOP);
  number = errno;
  close (descriptor);
  errno = number;
  return done;
}

/* Takes the first element off the rest of the way. */
static gboolean
step (Walk *walk, int flags, guint *links)
{
  const char *name = walk->rest + strspn (walk->rest, "/");
  gsize length = strcspn (name, "/");
  gboolean is_last = name[length] == '\0';
  gboolean done = TRUE;

  if (length == 2 && memcmp (name, "..", 2) == 0)
    done = go_up (walk);
  else if (length > 0 && !(length == 1 && *name == '.'))
    done = go_down (walk, name, length);
  memmove (walk->rest, name + length, strlen (name + length) + 1);
  if (!done || *walk->place == '\0' || (is_last && (flags & O_NOFOLLOW) != 0))
    return done;
  return look (walk, links);
}

/**
 * pf_walk_open:
 * @root: a descriptor of a directory
 * @path: relative to it
 * @flags: as for open()
 *
 * Does what openat2() does with RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS, and follows links itself, one
 * element at a time. The kernel gives EAGAIN for any ".." while something is renamed or mounted anywhere on
 * the machine, be it by somebody without privileges (openat2(2)), and links in sysfs are full of them. Here
 * it never meets one. Does nothing but system calls.
 *
 * Returns: a descriptor, or -1 with errno set: EXDEV when @path leads out of @root
 */
int
pf_walk_open (int root, const char *path, int flags)
{
  Walk walk = { .root = root };
  guint links = 0;

  if (*path == '\0' || *path == '/' || strlen (path) >= sizeof walk.rest)
    {
      errno = *path == '\0' ? ENOENT : *path == '/' ? EXDEV : ENAMETOOLONG;
      return -1;
    }
  strcpy (walk.rest, path);
  while (*walk.rest != '\0')
    if (!step (&walk, flags, &links))
      return -1;
  return open_here (&walk, flags);
}
