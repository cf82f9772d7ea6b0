/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "pf-error.h"

/* Hand edits are to be seen at once; GFileMonitor's own default holds repeated ones back for 800 ms. */
#define MONITOR_RATE_LIMIT_MS 20

static gboolean
set_file_error (GError **error, PfError code, const char *what, const char *path)
{
  int saved_errno = errno;

  g_set_error (error, PF_ERROR, (int) code, "%s “%s”: %s", what, path, g_strerror (saved_errno));
  return FALSE;
}

static gboolean
read_all (int fd, const char *path, gsize size, char **data, gsize *length, GError **error)
{
  g_autofree char *buffer = g_malloc (size + 1);
  gsize done = 0;

  while (done < size)
    {
      gssize n = read (fd, buffer + done, size - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return set_file_error (error, PF_ERROR_FAILED, "Cannot read", path);
      if (n == 0)
        break;
      done += (gsize) n;
    }
  buffer[done] = '\0';
  *data = g_steal_pointer (&buffer);
  *length = done;
  return TRUE;
}

/* A profile decides what may be lent, a label which socket people take it for, a record what is done to the
 * machine. */
static gboolean
check_file (const struct stat *status, const char *path, gsize max_size, GError **error)
{
  if (!S_ISREG (status->st_mode))
    g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "“%s” is not a regular file.", path);
  else if ((guint64) status->st_size > max_size)
    g_set_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED, "“%s” is larger than %" G_GSIZE_FORMAT " bytes.",
                 path, max_size);
  else if ((status->st_uid != 0 && status->st_uid != geteuid ())
           || (status->st_mode & (S_IWGRP | S_IWOTH)) != 0)
    g_set_error (error, PF_ERROR, PF_ERROR_FAILED,
                 "“%s” is not used: it has to belong to root, and nobody else may be able to write to it.",
                 path);
  else
    return TRUE;
  return FALSE;
}

/**
 * pf_file_read:
 * @path: a file
 * @max_size: the most it may hold, in bytes
 * @data: (out) (nullable) (transfer full): what it holds, with a NUL after it; NULL when there is no such
 * file
 * @length: (out): length of @data in bytes
 * @error: PF_ERROR_FAILED, PF_ERROR_LIMIT_EXCEEDED
 *
 * Refused unless the file belongs to root, or to the user of this process, and nobody else can write to it:
 * all that is read with this says what the helper does.
 *
 * Returns: whether it was read; a file that is not there counts as read
 */
gboolean
pf_file_read (const char *path, gsize max_size, char **data, gsize *length, GError **error)
{
  g_auto (PfFd) fd = -1;
  struct stat status;

  *data = NULL;
  *length = 0;
  /* O_NONBLOCK: a FIFO put in place of the file must not stop the helper. */
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0 && errno == ENOENT)
    return TRUE;
  if (fd < 0 || fstat (fd, &status) < 0)
    return set_file_error (error, PF_ERROR_FAILED, "Cannot read", path);
  return check_file (&status, path, max_size, error)
         && read_all (fd, path, (gsize) status.st_size, data, length, error);
}

static gboolean
write_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }
  return TRUE;
}

/* Opened before anything is changed, so that only the sync itself can fail after that. */
static int
open_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static gboolean
put_in_place (int fd, const char *temporary, const char *path, const char *data, gsize length, GError **error)
{
  if (write_all (fd, data, length) && fchmod (fd, 0644) == 0 && fsync (fd) == 0
      && rename (temporary, path) == 0)
    return TRUE;
  set_file_error (error, PF_ERROR_WRITE_FAILED, "Cannot write", path);
  (void) unlink (temporary);
  return FALSE;
}

/**
 * pf_file_write:
 * @path: a file, in a folder that exists
 * @data: what it shall hold
 * @length: length of @data in bytes
 * @error: PF_ERROR_WRITE_FAILED
 *
 * Replaces a file so that after a crash or a power failure the old or the new one is there, whole. When this
 * returns TRUE it is the new one, on disk. Everybody may read it.
 *
 * On failure the old file is untouched, but for one case: where only the folder could not be synced, the new
 * one is in its place already, and it is not known which of them a power failure leaves. The error says so.
 * To put the old one back would need the same sync.
 *
 * Returns: whether it was written
 */
gboolean
pf_file_write (const char *path, const char *data, gsize length, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *temporary = g_build_filename (folder, ".portferry-XXXXXX", NULL);
  g_auto (PfFd) folder_fd = open_folder (path);
  g_auto (PfFd) fd = folder_fd < 0 ? -1 : g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);

  if (fd < 0)
    return set_file_error (error, PF_ERROR_WRITE_FAILED, "Cannot write", path);
  if (!put_in_place (fd, temporary, path, data, length, error))
    return FALSE;
  return fsync (folder_fd) == 0
         || set_file_error (error, PF_ERROR_WRITE_FAILED,
                            "It is not certain that a power failure would leave what was just written to",
                            path);
}

/**
 * pf_file_remove:
 * @path: a file
 * @error: PF_ERROR_WRITE_FAILED
 *
 * On failure it is still there, but where only the folder could not be synced: then it is gone, and a power
 * failure may bring it back. The error says so.
 *
 * Returns: whether it is gone for good; one that was not there is
 */
gboolean
pf_file_remove (const char *path, GError **error)
{
  g_auto (PfFd) folder_fd = open_folder (path);

  if (folder_fd < 0)
    return errno == ENOENT || set_file_error (error, PF_ERROR_WRITE_FAILED, "Cannot remove", path);
  if (unlink (path) < 0)
    return errno == ENOENT || set_file_error (error, PF_ERROR_WRITE_FAILED, "Cannot remove", path);
  return fsync (folder_fd) == 0
         || set_file_error (error, PF_ERROR_WRITE_FAILED,
                            "It is not certain that a power failure would not bring back", path);
}

/**
 * pf_file_monitor_folder:
 * @path: a folder; made when it is not there, for a monitor of nothing would have to poll
 * @error: PF_ERROR_FAILED
 *
 * Returns: (transfer full): tells of changes in @path; NULL on failure
 */
GFileMonitor *
pf_file_monitor_folder (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) local_error = NULL;
  GFileMonitor *monitor;

  if (g_mkdir_with_parents (path, 0755) < 0)
    {
      set_file_error (error, PF_ERROR_FAILED, "Cannot make", path);
      return NULL;
    }
  monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &local_error);
  if (monitor == NULL)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "Cannot watch “%s”: %s", path, local_error->message);
      return NULL;
    }
  g_file_monitor_set_rate_limit (monitor, MONITOR_RATE_LIMIT_MS);
  return monitor;
}
