/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-bus.h"
#include "pf-dbus.h"

G_BEGIN_DECLS

/**
 * PfClientState:
 * @PF_CLIENT_ABSENT: nobody owns the helper's name: it is idle, which means that everything is home, or not
 * installed
 * @PF_CLIENT_LOADING: the bus or the helper has yet to answer
 * @PF_CLIENT_READY: the helper runs, and what it publishes has been read
 * @PF_CLIENT_FAILED: the helper could not be started or read; pf_client_get_error() says why
 */
typedef enum
{
  PF_CLIENT_ABSENT,
  PF_CLIENT_LOADING,
  PF_CLIENT_READY,
  PF_CLIENT_FAILED,
} PfClientState;

/**
 * PfClientOptions:
 * @origin: (nullable): who asks: "tray", "ctl", "hotkey" or "guest"; only for switches
 * @vm: (nullable): with the origin "guest": the name of the virtual machine that asks
 * @override: (nullable) (array zero-terminated=1): codes of soft objections to go on with; only for switches
 * @confirm_seconds: go back by itself unless confirmed in this time, 5 to 120; 0 for no limit; only for
 * switches
 * @release_seconds: wait so long for a virtual machine to let go of what has to come back, 5 to 120; 0 for not at
 * all; only for switches
 * @attach_seconds: where the profile names a virtual machine, wait so long for it to take what was lent, 5 to 120; 0 for
 * not at all; only for switches
 * @no_interaction: fail at once where a person would have to be asked for a password
 *
 * How to carry a verb out. Wherever these are taken, NULL means the defaults: all zero.
 */
typedef struct
{
  const char *origin;
  const char *vm;
  const char *const *override;
  guint confirm_seconds;
  guint release_seconds;
  guint attach_seconds;
  gboolean no_interaction;
} PfClientOptions;

#define PF_TYPE_CLIENT (pf_client_get_type ())
G_DECLARE_FINAL_TYPE (PfClient, pf_client, PF, CLIENT, GObject)

/**
 * PfClient:
 *
 * The helper as seen from an unprivileged program: what it publishes, and its verbs. Nothing here blocks, and
 * nothing starts the helper but pf_client_wake_async() and the verbs.
 *
 * Signals:
 *  - `changed` (PfClient *): the state, a property or an object changed. Changes that come together are
 * reported once, from an idle handler.
 *  - `switched` (PfClient *, const char *profile_id, const char *origin, GVariant *moves): somebody switched;
 * @moves is an aa{sv} as in Preview.
 *  - `switch-failed` (PfClient *, const char *profile_id, const char *origin, const GError *error): a switch
 * ended in the state before it; @error is in the domain PF_ERROR.
 *  - `attach-wanted` (PfClient *, const char *profile_id, const char *const *controllers): a switch waits for the virtual
 * machine that the profile names to take these.
 *  - `release-wanted` (PfClient *, const char *controller, const char *holder): it has to come back from a virtual machine.
 * The last four are emitted when the client is READY, so that handlers can look things up, also when the helper was started
 * by the very switch that they are about.
 *
 * Properties: `state` (PfClientState as int), which is notified at once and not coalesced.
 *
 * Errors that callers see are in the domain PF_ERROR and worded for people, or G_IO_ERROR_CANCELLED.
 */
PfClient *pf_client_new (void);

PfClientState pf_client_get_state (PfClient *client);
const GError *pf_client_get_error (PfClient *client);

PfDBusManager *pf_client_get_manager (PfClient *client);
GPtrArray *pf_client_list_controllers (PfClient *client);
PfDBusController *pf_client_find_controller (PfClient *client, const char *address);
PfDBusRouter *pf_client_get_router (PfClient *client, PfDBusController *controller);
GPtrArray *pf_client_list_profiles (PfClient *client);
PfDBusProfile *pf_client_find_profile (PfClient *client, const char *id);
char *pf_client_get_active_profile_id (PfClient *client);
char *pf_client_get_previous_profile_id (PfClient *client);
char *pf_client_get_toggle_profile_id (PfClient *client);

void pf_client_wake_async (PfClient *client,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean pf_client_wake_finish (PfClient *client, GAsyncResult *result, GError **error);

void pf_client_apply_async (PfClient *client,
                            const char *profile_id,
                            const PfClientOptions *options,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
char *pf_client_apply_finish (PfClient *client, GAsyncResult *result, GError **error);

void pf_client_toggle_async (PfClient *client,
                             const PfClientOptions *options,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
char *pf_client_toggle_finish (PfClient *client, GAsyncResult *result, GError **error);

void pf_client_return_all_async (PfClient *client,
                                 const PfClientOptions *options,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GVariant *pf_client_return_all_finish (PfClient *client, GAsyncResult *result, GError **error);

void pf_client_take_home_async (PfClient *client,
                                const char *address,
                                const PfClientOptions *options,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean pf_client_take_home_finish (PfClient *client, GAsyncResult *result, GError **error);

void pf_client_preview_async (PfClient *client,
                              const char *profile_id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean pf_client_preview_finish (PfClient *client,
                                   GAsyncResult *result,
                                   char ***steps,
                                   GVariant **moves,
                                   GVariant **objections,
                                   GError **error);

void pf_client_confirm_async (PfClient *client,
                              const char *transaction,
                              const PfClientOptions *options,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean pf_client_confirm_finish (PfClient *client, GAsyncResult *result, GError **error);

void pf_client_revert_async (PfClient *client,
                             const char *transaction,
                             const PfClientOptions *options,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean pf_client_revert_finish (PfClient *client, GAsyncResult *result, GError **error);

void pf_client_add_profile_async (PfClient *client,
                                  const char *profile_id,
                                  GVariant *settings,
                                  const PfClientOptions *options,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pf_client_add_profile_finish (PfClient *client, GAsyncResult *result, GError **error);

void pf_client_update_profile_async (PfClient *client,
                                     const char *profile_id,
                                     GVariant *settings,
                                     const PfClientOptions *options,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean pf_client_update_profile_finish (PfClient *client, GAsyncResult *result, GError **error);

void pf_client_remove_profile_async (PfClient *client,
                                     const char *profile_id,
                                     const PfClientOptions *options,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean pf_client_remove_profile_finish (PfClient *client, GAsyncResult *result, GError **error);


/**
 * PfClientDetails:
 * @steps: what would be done, in order, in words
 * @moves: an aa{sv} as in Preview: what changes sides
 * @objections: an aa{sv} as in Preview: what speaks against it
 * @routing: an aa{sv} as in PreviewDetails: the routers afterwards
 *
 * What a profile would do that is not saved yet.
 */
typedef struct
{
  char **steps;
  GVariant *moves;
  GVariant *objections;
  GVariant *routing;
} PfClientDetails;

void pf_client_preview_details_async (PfClient *client,
                                      GVariant *settings,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
PfClientDetails *pf_client_preview_details_finish (PfClient *client, GAsyncResult *result, GError **error);
void pf_client_details_free (PfClientDetails *details);

void pf_client_label_socket_async (PfClient *client,
                                   const char *controller_address,
                                   const char *socket,
                                   GVariant *settings,
                                   const PfClientOptions *options,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean pf_client_label_socket_finish (PfClient *client, GAsyncResult *result, GError **error);
void pf_client_try_port_async (PfClient *client,
                               const char *router_address,
                               const char *port,
                               const PfClientOptions *options,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
char **pf_client_try_port_finish (PfClient *client, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfClientDetails, pf_client_details_free)

/**
 * PfClientInterest:
 *
 * While this object lives, the helper that gave it does not exit for idleness. Drop it with g_object_unref().
 */
#define PF_TYPE_CLIENT_INTEREST (pf_client_interest_get_type ())
G_DECLARE_FINAL_TYPE (PfClientInterest, pf_client_interest, PF, CLIENT_INTEREST, GObject)

void pf_client_register_interest_async (PfClient *client,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
PfClientInterest *pf_client_register_interest_finish (PfClient *client, GAsyncResult *result, GError **error);

G_END_DECLS
