/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-client-private.h"
#include "pf-client.h"
#include "pf-pci-address.h"
#include "pf-profile.h"

static PfDBusObject *
find_object (PfClient *client, const char *path)
{
  GDBusObjectManager *objects = pf_client_peek_objects (client);

  return objects != NULL ? PF_DBUS_OBJECT (g_dbus_object_manager_get_object (objects, path)) : NULL;
}

/**
 * pf_client_get_manager:
 * @client: the client
 *
 * Returns: (transfer none) (nullable): the manager's proxy; NULL when the helper is not there
 */
PfDBusManager *
pf_client_get_manager (PfClient *client)
{
  g_autoptr (PfDBusObject) object = find_object (client, PF_BUS_MANAGER_PATH);

  return object != NULL ? pf_dbus_object_peek_manager (object) : NULL;
}

static GList *
get_objects (PfClient *client)
{
  GDBusObjectManager *objects = pf_client_peek_objects (client);

  return objects != NULL ? g_dbus_object_manager_get_objects (objects) : NULL;
}

static int
compare_controllers (gconstpointer a, gconstpointer b)
{
  return pf_pci_address_compare (pf_dbus_controller_get_address (*(PfDBusController *const *) a),
                                 pf_dbus_controller_get_address (*(PfDBusController *const *) b));
}

/**
 * pf_client_list_controllers:
 * @client: the client
 *
 * Returns: (transfer full) (element-type PfDBusController): in the order of their addresses; empty when the
 * helper is not there
 */
GPtrArray *
pf_client_list_controllers (PfClient *client)
{
  GPtrArray *controllers = g_ptr_array_new_with_free_func (g_object_unref);
  GList *objects = get_objects (client);

  for (GList *l = objects; l != NULL; l = l->next)
    {
      PfDBusController *controller = pf_dbus_object_get_controller (l->data);

      if (controller != NULL && pf_dbus_controller_get_address (controller) != NULL)
        g_ptr_array_add (controllers, controller);
      else
        g_clear_object (&controller);
    }
  g_list_free_full (objects, g_object_unref);
  g_ptr_array_sort (controllers, compare_controllers);
  return controllers;
}

/**
 * pf_client_find_controller:
 * @client: the client
 * @address: a canonical PCI address
 *
 * Returns: (transfer none) (nullable): the controller's proxy
 */
PfDBusController *
pf_client_find_controller (PfClient *client, const char *address)
{
  g_autofree char *path = pf_bus_controller_path (address);
  g_autoptr (PfDBusObject) object = find_object (client, path);

  return object != NULL ? pf_dbus_object_peek_controller (object) : NULL;
}

/**
 * pf_client_get_router:
 * @client: the client
 * @controller: a controller of this client
 *
 * Returns: (transfer none) (nullable): its second interface, when it is a router
 */
PfDBusRouter *
pf_client_get_router (PfClient *client, PfDBusController *controller)
{
  g_autoptr (PfDBusObject) object
      = find_object (client, g_dbus_proxy_get_object_path (G_DBUS_PROXY (controller)));

  return object != NULL ? pf_dbus_object_peek_router (object) : NULL;
}

static int
compare_profiles (gconstpointer a, gconstpointer b)
{
  PfDBusProfile *first = *(PfDBusProfile *const *) a;
  PfDBusProfile *second = *(PfDBusProfile *const *) b;
  int order = pf_dbus_profile_get_built_in (second) - pf_dbus_profile_get_built_in (first);

  if (order == 0)
    order = g_utf8_collate (pf_dbus_profile_get_label (first), pf_dbus_profile_get_label (second));
  if (order == 0)
    order = strcmp (pf_dbus_profile_get_id (first), pf_dbus_profile_get_id (second));
  return order;
}

/**
 * pf_client_list_profiles:
 * @client: the client
 *
 * Returns: (transfer full) (element-type PfDBusProfile): home first, then by label; empty when the helper is
 * not there
 */
GPtrArray *
pf_client_list_profiles (PfClient *client)
{
  GPtrArray *profiles = g_ptr_array_new_with_free_func (g_object_unref);
  GList *objects = get_objects (client);

  for (GList *l = objects; l != NULL; l = l->next)
    {
      PfDBusProfile *profile = pf_dbus_object_get_profile (l->data);

      if (profile != NULL && pf_dbus_profile_get_id (profile) != NULL
          && pf_dbus_profile_get_label (profile) != NULL)
        g_ptr_array_add (profiles, profile);
      else
        g_clear_object (&profile);
    }
  g_list_free_full (objects, g_object_unref);
  g_ptr_array_sort (profiles, compare_profiles);
  return profiles;
}

/**
 * pf_client_find_profile:
 * @client: the client
 * @id: any text
 *
 * Returns: (transfer none) (nullable): the profile's proxy
 */
PfDBusProfile *
pf_client_find_profile (PfClient *client, const char *id)
{
  g_autofree char *path = NULL;
  g_autoptr (PfDBusObject) object = NULL;

  if (!pf_profile_id_is_valid (id, NULL))
    return NULL;
  path = pf_bus_profile_path (id);
  object = find_object (client, path);
  return object != NULL ? pf_dbus_object_peek_profile (object) : NULL;
}

/**
 * pf_client_get_active_profile_id:
 * @client: the client
 *
 * Returns: (transfer full): id of the profile in force; "home" also when the helper is not there, because it
 * is only idle when nothing is lent
 */
char *
pf_client_get_active_profile_id (PfClient *client)
{
  PfDBusManager *manager = pf_client_get_manager (client);
  const char *path = manager != NULL ? pf_dbus_manager_get_active_profile (manager) : NULL;
  char *id = path != NULL ? pf_bus_profile_id_from_path (path, NULL) : NULL;

  return id != NULL ? id : g_strdup (PF_PROFILE_HOME);
}

/**
 * pf_client_get_previous_profile_id:
 * @client: the client
 *
 * Returns: (transfer full) (nullable): id of the profile that toggling goes back to; NULL when there is none
 */
char *
pf_client_get_previous_profile_id (PfClient *client)
{
  PfDBusManager *manager = pf_client_get_manager (client);
  const char *path = manager != NULL ? pf_dbus_manager_get_previous_profile (manager) : NULL;

  return path != NULL ? pf_bus_profile_id_from_path (path, NULL) : NULL;
}

/**
 * pf_client_get_toggle_profile_id:
 * @client: a client that is READY
 *
 * Returns: (transfer full) (nullable): id of the profile that Manager.Toggle would switch to now; NULL when
 * the helper is not there
 */
char *
pf_client_get_toggle_profile_id (PfClient *client)
{
  PfDBusManager *manager = pf_client_get_manager (client);
  const char *path = manager != NULL ? pf_dbus_manager_get_toggle_profile (manager) : NULL;

  return path != NULL ? pf_bus_profile_id_from_path (path, NULL) : NULL;
}
