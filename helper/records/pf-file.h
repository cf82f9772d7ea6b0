/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <unistd.h>

#include <gio/gio.h>

G_BEGIN_DECLS

/* A file descriptor that g_auto (PfFd) closes. */
typedef int PfFd;

static inline void
pf_fd_close (PfFd fd)
{
  if (fd >= 0)
    close (fd);
}

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (PfFd, pf_fd_close, -1)

gboolean pf_file_read (const char *path, gsize max_size, char **data, gsize *length, GError **error);
gboolean pf_file_write (const char *path, const char *data, gsize length, GError **error);
gboolean pf_file_remove (const char *path, GError **error);
GFileMonitor *pf_file_monitor_folder (const char *path, GError **error);

G_END_DECLS
