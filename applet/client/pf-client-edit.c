/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-client-call.h"
#include "pf-client.h"
#include "pf-pci-address.h"

/* What an editor asks: what is not saved yet, and what is noted of sockets. */

/**
 * pf_client_preview_details_async:
 * @client: the client
 * @settings: an a{sv} as for Profile.Update; consumed if it is floating
 * @cancellable: (nullable): stops waiting
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks what a profile with these settings would do, without saving it.
 */
void
pf_client_preview_details_async (PfClient *client,
                                 GVariant *settings,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  PfClientCall *call = pf_client_call_new_for_manager ("PreviewDetails", g_variant_new ("(@a{sv})", settings),
                                                       "(asaa{sv}aa{sv}aa{sv})", NULL);

  pf_client_call_start (call, NULL, client, cancellable, callback, user_data);
}

/**
 * pf_client_preview_details_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: what is wrong with the settings
 *
 * Returns: (transfer full) (nullable): what it would do; NULL on error
 */
PfClientDetails *
pf_client_preview_details_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply = pf_client_call_finish (client, result, error);
  PfClientDetails *details;

  if (reply == NULL)
    return NULL;
  details = g_new0 (PfClientDetails, 1);
  g_variant_get (reply, "(^as@aa{sv}@aa{sv}@aa{sv})", &details->steps, &details->moves, &details->objections,
                 &details->routing);
  return details;
}

/**
 * pf_client_details_free:
 * @details: (transfer full): what a profile would do
 */
void
pf_client_details_free (PfClientDetails *details)
{
  g_strfreev (details->steps);
  g_variant_unref (details->moves);
  g_variant_unref (details->objections);
  g_variant_unref (details->routing);
  g_free (details);
}

static GVariant *
make_note (GVariant *settings, const PfClientOptions *options)
{
  g_autoptr (GVariant) given = g_variant_ref_sink (settings);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (given);

  if (options != NULL && options->no_interaction)
    g_variant_dict_insert (&dict, "no-interaction", "b", TRUE);
  return g_variant_dict_end (&dict);
}

/**
 * pf_client_label_socket_async:
 * @client: the client
 * @controller_address: the controller, as people type an address
 * @socket: a router's port, for example "ehci2/3", or "usb/N"
 * @settings: an a{sv} with "label", "place" and "colour" (s); consumed if it is floating
 * @options: (nullable): how
 * @cancellable: (nullable): stops waiting
 * @callback: called when done
 * @user_data: for @callback
 *
 * Notes what people know of a socket.
 */
void
pf_client_label_socket_async (PfClient *client,
                              const char *controller_address,
                              const char *socket,
                              GVariant *settings,
                              const PfClientOptions *options,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GError *error = NULL;
  GVariant *note = make_note (settings, options);
  g_autofree char *address = pf_pci_address_normalize (controller_address, &error);
  PfClientCall *call = NULL;

  g_variant_ref_sink (note);
  if (address != NULL)
    {
      g_autofree char *path = pf_bus_controller_path (address);

      call = pf_client_call_new_for_manager ("LabelSocket", g_variant_new ("(os@a{sv})", path, socket, note),
                                             "()", options);
    }
  g_variant_unref (note);
  pf_client_call_start (call, error, client, cancellable, callback, user_data);
}

/**
 * pf_client_label_socket_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: why it was not noted
 *
 * Returns: whether it was noted
 */
gboolean
pf_client_label_socket_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply = pf_client_call_finish (client, result, error);

  return reply != NULL;
}

/**
 * pf_client_try_port_async:
 * @client: the client
 * @router_address: the router, as people type an address
 * @port: one of its ports, for example "ehci2/3"
 * @options: (nullable): how
 * @cancellable: (nullable): stops waiting
 * @callback: called when the port is back where it was
 * @user_data: for @callback
 *
 * Routes the port to its other side for some seconds, to see what turns up there.
 */
void
pf_client_try_port_async (PfClient *client,
                          const char *router_address,
                          const char *port,
                          const PfClientOptions *options,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GError *error = NULL;
  g_autofree char *address = pf_pci_address_normalize (router_address, &error);
  PfClientCall *call = NULL;

  if (address != NULL)
    {
      g_autofree char *path = pf_bus_controller_path (address);
      GVariant *settings = make_note (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0), options);

      call = pf_client_call_new_for_manager ("TryPort", g_variant_new ("(os@a{sv})", path, port, settings), "(as)",
                                             options);
    }
  pf_client_call_start (call, error, client, cancellable, callback, user_data);
}

/**
 * pf_client_try_port_finish:
 * @client: the client
 * @result: what the callback was given
 * @error: why it was not tried
 *
 * Returns: (transfer full): names of what was seen on the other side; none where nothing was; NULL on failure
 */
char **
pf_client_try_port_finish (PfClient *client, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply = pf_client_call_finish (client, result, error);
  char **seen = NULL;

  if (reply != NULL)
    g_variant_get (reply, "(^as)", &seen);
  return seen;
}
