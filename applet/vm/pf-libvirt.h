/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* libvirt of the whole machine, as virt-manager uses it. */
#define PF_LIBVIRT_DEFAULT_URI "qemu:///system"

gboolean pf_libvirt_check_uri (const char *uri, GError **error);
void pf_libvirt_attach_async (const char *uri,
                              const char *domain,
                              const char *const *controllers,
                              guint timeout_seconds,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
void pf_libvirt_detach_async (const char *uri,
                              const char *domain,
                              const char *const *controllers,
                              guint timeout_seconds,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean pf_libvirt_finish (GAsyncResult *result, GError **error);

G_END_DECLS
