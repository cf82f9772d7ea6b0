/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-client-call.h"
#include "pf-client.h"
#include "pf-pci-address.h"
#include "pf-profile.h"

static gboolean
finish_void_call (PfClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply = pf_client_call_finish (client, result, error);

  return reply != NULL;
}

static char *
finish_transaction_call (PfClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply = pf_client_call_finish (client, result, error);
  char *transaction = NULL;

  if (reply != NULL)
    g_variant_get (reply, "(s)", &transaction);
  return transaction;
}

static char *
get_profile_path (const char *id, GError **error)
{
  return pf_profile_id_is_valid (id, error) ? pf_bus_profile_path (id) : NULL;
}

static void
add_common_options (GVariantDict *dict, const PfClientOptions *options)
{
  if (options != NULL && options->no_interaction)
    g_variant_dict_insert (dict, "no-interaction", "b", TRUE);
}

static void
add_origin (GVariantDict *dict, const PfClientOptions *options)
{
  if (options != NULL && options->origin != NULL)
    g_variant_dict_insert (dict, "origin", "s", options->origin);
  if (options != NULL && options->vm != NULL)
    g_variant_dict_insert (dict, "vm", "s", options->vm);
}

static GVariant *
make_switch_options (const PfClientOptions *options)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  add_common_options (&dict, options);
  add_origin (&dict, options);
  if (options != NULL && options->override != NULL && options->override[0] != NULL)
    g_variant_dict_insert (&dict, "override", "^as", options->override);
  if (options != NULL && options->confirm_seconds != 0)
    g_variant_dict_insert (&dict, "confirm-seconds", "u", options->confirm_seconds);
  if (options != NULL && options->release_seconds != 0)
    g_variant_dict_insert (&dict, "release-seconds", "u", options->release_seconds);
  if (options != NULL && options->attach_seconds != 0)
    g_variant_dict_insert (&dict, "attach-seconds", "u", options->attach_seconds);
  return g_variant_dict_end (&dict);
}

static GVariant *
make_return_options (const PfClientOptions *options)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  add_common_options (&dict, options);
  add_origin (&dict, options);
  return g_variant_dict_end (&dict);
}

static GVariant *
make_settings (GVariant *settings, const PfClientOptions *options)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (settings);

  add_common_options (&dict, options);
  return g_variant_dict_end (&dict);
}

/**
 * pf_client_apply_async:
 * @client: the client
 * @profile_id: the profile to switch to
 * @options: (nullable): how
 * @cancellable: (nullable): stops waiting, not the switch
 * @callback: called when the switch is complete
 * @user_data: for @callback
 *
 * Switches to a profile.
 */
void
pf_client_apply_async (PfClient *client,
                       const char *profile_id,
                       const PfClientOptions *options,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GError *error = NULL;
  g_autofree char *path = get_profile_path (profile_id, &error);
  PfClientCall *call = NULL;

  if (path != NULL)
    call = pf_client_call_new_for_manager (
        "Apply", g_variant_new ("(o@a{sv})", path, make_switch_options (options)), "(s)", options);
  pf_client_call_start (call, error, client, cancellable, callback, user_data);
}

/**
 * pf_client_apply_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: why it stayed as it was
 *
 * Returns: (transfer full) (nullable): the transaction, for confirming and reverting; NULL on error
 */
char *
pf_client_apply_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  return finish_transaction_call (client, result, error);
}

/**
 * pf_client_toggle_async:
 * @client: the client
 * @options: (nullable): how
 * @cancellable: (nullable): stops waiting, not the switch
 * @callback: called when the switch is complete
 * @user_data: for @callback
 *
 * Switches to the profile before this one.
 */
void
pf_client_toggle_async (PfClient *client,
                        const PfClientOptions *options,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GVariant *parameters = g_variant_new ("(@a{sv})", make_switch_options (options));

  pf_client_call_start (pf_client_call_new_for_manager ("Toggle", parameters, "(s)", options), NULL, client,
                        cancellable, callback, user_data);
}

/**
 * pf_client_toggle_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: why it stayed as it was
 *
 * Returns: (transfer full) (nullable): the transaction; NULL on error
 */
char *
pf_client_toggle_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  return finish_transaction_call (client, result, error);
}

/**
 * pf_client_return_all_async:
 * @client: the client
 * @options: (nullable): how
 * @cancellable: (nullable): stops waiting, not the return
 * @callback: called when everything that can come home is home
 * @user_data: for @callback
 *
 * Brings everything home.
 */
void
pf_client_return_all_async (PfClient *client,
                            const PfClientOptions *options,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GVariant *parameters = g_variant_new ("(@a{sv})", make_return_options (options));

  pf_client_call_start (pf_client_call_new_for_manager ("ReturnAll", parameters, "(aa{sv})", options), NULL,
                        client, cancellable, callback, user_data);
}

/**
 * pf_client_return_all_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: why nothing was tried
 *
 * Returns: (transfer full) (nullable): an aa{sv} of what could not come home, with "address", "name" and
 * "message"; NULL on error
 */
GVariant *
pf_client_return_all_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply = pf_client_call_finish (client, result, error);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

/**
 * pf_client_take_home_async:
 * @client: the client
 * @address: of a controller that others have lent
 * @options: (nullable): how
 * @cancellable: (nullable): stops waiting, not the return
 * @callback: called when its group is at home, or as before
 * @user_data: for @callback
 */
void
pf_client_take_home_async (PfClient *client,
                           const char *address,
                           const PfClientOptions *options,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autofree char *canonical = NULL;
  g_autofree char *path = NULL;
  PfClientCall *call = NULL;
  GError *error = NULL;

  canonical = pf_pci_address_normalize (address, &error);
  if (canonical != NULL)
    {
      path = pf_bus_controller_path (canonical);
      call = pf_client_call_new_for_manager (
          "TakeHome", g_variant_new ("(o@a{sv})", path, make_return_options (options)), "()", options);
    }
  pf_client_call_start (call, error, client, cancellable, callback, user_data);
}

/**
 * pf_client_take_home_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: why it is not at home
 *
 * Returns: whether it is
 */
gboolean
pf_client_take_home_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  return finish_void_call (client, result, error);
}

/**
 * pf_client_preview_async:
 * @client: the client
 * @profile_id: the profile to look at
 * @cancellable: (nullable): stops waiting
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks what a switch would do now. Changes nothing.
 */
void
pf_client_preview_async (PfClient *client,
                         const char *profile_id,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GError *error = NULL;
  g_autofree char *path = get_profile_path (profile_id, &error);
  PfClientCall *call = NULL;

  if (path != NULL)
    call = pf_client_call_new_for_manager ("Preview", g_variant_new ("(o)", path), "(asaa{sv}aa{sv})", NULL);
  pf_client_call_start (call, error, client, cancellable, callback, user_data);
}

/**
 * pf_client_preview_finish:
 * @client: the client
 * @result: what the callback was given
 * @steps: (out) (transfer full) (array zero-terminated=1): what would be done, in words
 * @moves: (out) (transfer full): an aa{sv} of what changes sides: "kind", "name", "address", "from", "to"
 * @objections: (out) (transfer full): an aa{sv} of what speaks against it: "code", "severity", "message",
 * "address"
 * @error: why it cannot be told
 *
 * Returns: whether there is an answer; the others are only set if so
 */
gboolean
pf_client_preview_finish (PfClient *client,
                          GAsyncResult *result,
                          char ***steps,
                          GVariant **moves,
                          GVariant **objections,
                          GError **error)
{
  g_autoptr (GVariant) reply = pf_client_call_finish (client, result, error);

  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(^as@aa{sv}@aa{sv})", steps, moves, objections);
  return TRUE;
}

/**
 * pf_client_confirm_async:
 * @client: the client
 * @transaction: the switch, as pf_client_apply_finish() or the manager's Transaction names it
 * @options: (nullable): how
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: for @callback
 *
 * Keeps a switch that would go back by itself.
 */
void
pf_client_confirm_async (PfClient *client,
                         const char *transaction,
                         const PfClientOptions *options,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GVariant *parameters = g_variant_new ("(s)", transaction);

  pf_client_call_start (pf_client_call_new_for_manager ("Confirm", parameters, "()", options), NULL, client,
                        cancellable, callback, user_data);
}

/**
 * pf_client_confirm_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: why it was not confirmed
 *
 * Returns: whether it is kept
 */
gboolean
pf_client_confirm_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  return finish_void_call (client, result, error);
}

/**
 * pf_client_revert_async:
 * @client: the client
 * @transaction: the switch, as pf_client_apply_finish() or the manager's Transaction names it
 * @options: (nullable): how
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: for @callback
 *
 * Takes a switch that waits for confirmation back.
 */
void
pf_client_revert_async (PfClient *client,
                        const char *transaction,
                        const PfClientOptions *options,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GVariant *parameters = g_variant_new ("(s)", transaction);

  pf_client_call_start (pf_client_call_new_for_manager ("Revert", parameters, "()", options), NULL, client,
                        cancellable, callback, user_data);
}

/**
 * pf_client_revert_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: why it was not taken back
 *
 * Returns: whether everything is as before the switch
 */
gboolean
pf_client_revert_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  return finish_void_call (client, result, error);
}

/**
 * pf_client_add_profile_async:
 * @client: the client
 * @profile_id: the new profile's id
 * @settings: an a{sv} as Profile.Update takes it; a floating reference is consumed
 * @options: (nullable): how
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: for @callback
 *
 * Adds a profile.
 */
void
pf_client_add_profile_async (PfClient *client,
                             const char *profile_id,
                             GVariant *settings,
                             const PfClientOptions *options,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GVariant) given = g_variant_ref_sink (settings);
  GVariant *parameters = g_variant_new ("(s@a{sv})", profile_id, make_settings (given, options));

  pf_client_call_start (pf_client_call_new_for_manager ("AddProfile", parameters, "(o)", options), NULL,
                        client, cancellable, callback, user_data);
}

/**
 * pf_client_add_profile_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: why there is no new profile
 *
 * Returns: whether it was added
 */
gboolean
pf_client_add_profile_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  return finish_void_call (client, result, error);
}

/**
 * pf_client_update_profile_async:
 * @client: the client
 * @profile_id: the profile
 * @settings: an a{sv} of what to change, as Profile.Update takes it; a floating reference is consumed
 * @options: (nullable): how
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: for @callback
 *
 * Changes a profile.
 */
void
pf_client_update_profile_async (PfClient *client,
                                const char *profile_id,
                                GVariant *settings,
                                const PfClientOptions *options,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GError *error = NULL;
  g_autoptr (GVariant) given = g_variant_ref_sink (settings);
  GVariant *parameters = g_variant_new ("(@a{sv})", make_settings (given, options));
  PfClientCall *call = pf_client_call_new_for_profile (profile_id, "Update", parameters, options, &error);

  pf_client_call_start (call, error, client, cancellable, callback, user_data);
}

/**
 * pf_client_update_profile_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: why it stayed as it was
 *
 * Returns: whether it was changed
 */
gboolean
pf_client_update_profile_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  return finish_void_call (client, result, error);
}

/**
 * pf_client_remove_profile_async:
 * @client: the client
 * @profile_id: the profile
 * @options: (nullable): how
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: for @callback
 *
 * Removes a profile.
 */
void
pf_client_remove_profile_async (PfClient *client,
                                const char *profile_id,
                                const PfClientOptions *options,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GError *error = NULL;
  PfClientCall *call
      = pf_client_call_new_for_profile (profile_id, "Remove", g_variant_new ("()"), options, &error);

  pf_client_call_start (call, error, client, cancellable, callback, user_data);
}

/**
 * pf_client_remove_profile_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: why it is still there
 *
 * Returns: whether it was removed
 */
gboolean
pf_client_remove_profile_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  return finish_void_call (client, result, error);
}
