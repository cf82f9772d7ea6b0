/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-guest-line.h"

G_BEGIN_DECLS

#define PF_TYPE_GUEST_DESK (pf_guest_desk_get_type ())
G_DECLARE_FINAL_TYPE (PfGuestDesk, pf_guest_desk, PF, GUEST_DESK, GObject)

PfGuestDesk *pf_guest_desk_new (void);
void pf_guest_desk_ask_async (PfGuestDesk *desk,
                              const PfGuestRequest *request,
                              const char *vm,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
char *pf_guest_desk_ask_finish (PfGuestDesk *desk, GAsyncResult *result, GError **error);
guint pf_guest_desk_count (PfGuestDesk *desk);

G_END_DECLS
