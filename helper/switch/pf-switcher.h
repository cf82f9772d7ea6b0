/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-left.h"
#include "pf-machine.h"

G_BEGIN_DECLS

/* Who asked. */
#define PF_ORIGIN_CTL "ctl"
#define PF_ORIGIN_GUARD "guard"

typedef enum
{
  PF_SWITCHER_IDLE,
  PF_SWITCHER_APPLYING,
  PF_SWITCHER_AWAITING_RELEASE,
  PF_SWITCHER_AWAITING_ATTACH,
  PF_SWITCHER_AWAITING_CONFIRMATION,
  PF_SWITCHER_RECOVERING,
  PF_SWITCHER_DEGRADED,
} PfSwitcherState;

/**
 * PfSwitchRequest:
 * @profile: what is wanted
 * @caller: who asks, and gets the groups' nodes unless the profile names somebody
 * @origin: "tray", "ctl", "hotkey" ...
 * @override: (nullable): codes of soft objections to go on with
 * @confirm_seconds: go back by itself after so many seconds; 0 for what the profile says
 * @release_seconds: wait so long for a virtual machine to let go of what has to come back; 0 for not at all
 * @attach_seconds: where the profile names a virtual machine, wait so long for it to take what was lent; 0
 * for not at all
 */
typedef struct
{
  const PfProfile *profile;
  uid_t caller;
  const char *origin;
  const char *const *override;
  guint confirm_seconds;
  guint release_seconds;
  guint attach_seconds;
} PfSwitchRequest;

#define PF_TYPE_SWITCHER (pf_switcher_get_type ())
G_DECLARE_FINAL_TYPE (PfSwitcher, pf_switcher, PF, SWITCHER, GObject)

PfSwitcher *pf_switcher_new (PfMachine *machine);
gboolean pf_switcher_recover (PfSwitcher *switcher, GError **error);
gboolean pf_switcher_refresh (PfSwitcher *switcher, GError **error);
void pf_switcher_shut_down (PfSwitcher *switcher);

void pf_switcher_apply_async (PfSwitcher *switcher,
                              const PfSwitchRequest *request,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
char *pf_switcher_apply_finish (PfSwitcher *switcher, GAsyncResult *result, GError **error);
void pf_switcher_return_all_async (PfSwitcher *switcher,
                                   const char *origin,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *pf_switcher_return_all_finish (PfSwitcher *switcher, GAsyncResult *result, GError **error);
gboolean pf_switcher_confirm (PfSwitcher *switcher, const char *transaction, GError **error);
void pf_switcher_revert_async (PfSwitcher *switcher,
                               const char *transaction,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean pf_switcher_revert_finish (PfSwitcher *switcher, GAsyncResult *result, GError **error);

void pf_switcher_try_port_async (
    PfSwitcher *switcher, const char *router, guint bit, GAsyncReadyCallback callback, gpointer user_data);
char **pf_switcher_try_port_finish (PfSwitcher *switcher, GAsyncResult *result, GError **error);

void pf_switcher_take_home_async (PfSwitcher *switcher,
                                  const char *address,
                                  const char *meant,
                                  const char *origin,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pf_switcher_take_home_finish (PfSwitcher *switcher, GAsyncResult *result, GError **error);

void pf_switcher_note_sleep (PfSwitcher *switcher, gboolean begins);

PfSwitcherState pf_switcher_get_state (PfSwitcher *switcher);
const char *pf_switcher_get_transaction (PfSwitcher *switcher);
gint64 pf_switcher_get_deadline (PfSwitcher *switcher);
const char *pf_switcher_get_active (PfSwitcher *switcher);
const char *pf_switcher_get_pending (PfSwitcher *switcher, const char *transaction, GError **error);
const GError *pf_switcher_get_problem (PfSwitcher *switcher);

G_END_DECLS
