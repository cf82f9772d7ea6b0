/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PfUdisksOptions:
 * @power_off: switch the drives off as well, once nothing on them is mounted any more
 * @no_interaction: fail at once where a person would have to be asked for a password
 */
typedef struct
{
  gboolean power_off;
  gboolean no_interaction;
} PfUdisksOptions;

void pf_udisks_release_async (const char *const *partitions,
                              const PfUdisksOptions *options,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean pf_udisks_release_finish (GAsyncResult *result, GError **error);

char **pf_udisks_list_mounted (GVariant *objections);

G_END_DECLS
