/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-tree.h"

G_BEGIN_DECLS

/**
 * PfWriter:
 *
 * A list of writes to the kernel, done one after the other in a disposable child process: a write to sysfs can block
 * without limit, and after a signal beyond the reach of kill. Several writers run in parallel. One that is overdue stays
 * in pf_tree_get_pending() until the kernel has answered.
 */
typedef struct _PfWriter PfWriter;

PfWriter *pf_writer_new (PfTree *tree);
void pf_writer_free (PfWriter *writer);
void pf_writer_set_address (PfWriter *writer, const char *address);
void pf_writer_add_text (PfWriter *writer, const char *path, const char *text);
void pf_writer_add_bytes (PfWriter *writer, const char *path, goffset offset, const void *bytes, gsize length);
gboolean pf_writer_is_empty (const PfWriter *writer);
void pf_writer_run_async (PfWriter *writer, guint deadline, GAsyncReadyCallback callback, gpointer user_data);
gboolean pf_writer_run_finish (GAsyncResult *result, int *number, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfWriter, pf_writer_free)

G_END_DECLS
