/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-publisher.h"

#include "pf-bus.h"
#include "pf-controller-object.h"
#include "pf-manager-object.h"
#include "pf-profile-object.h"

struct _PfPublisher
{
  PfGuard *guard;
  PfServices services;
  PfLabels *labels;
  GDBusObjectManagerServer *server;
  PfManagerObject *manager;
  GHashTable *controllers; /* PCI address -> PfControllerObject */
  GHashTable *profiles;    /* id -> PfProfileObject */
};

/**
 * pf_publisher_new:
 * @guard: lets calls in
 * @services: what the helper knows
 * @labels: what people call the ports
 * @interests: who is interested
 *
 * Returns: (transfer full): the manager's object; see pf_publisher_update() for the others
 */
PfPublisher *
pf_publisher_new (PfGuard *guard, const PfServices *services, PfLabels *labels, PfInterests *interests)
{
  PfPublisher *publisher = g_new0 (PfPublisher, 1);

  publisher->guard = g_object_ref (guard);
  publisher->services = *services;
  publisher->labels = g_object_ref (labels);
  publisher->server = g_dbus_object_manager_server_new (PF_BUS_PATH);
  publisher->manager = pf_manager_object_new (guard, services, labels, interests);
  publisher->controllers
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pf_controller_object_free);
  publisher->profiles
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pf_profile_object_free);
  g_dbus_object_manager_server_export (publisher->server,
                                       pf_manager_object_get_skeleton (publisher->manager));
  return publisher;
}

/**
 * pf_publisher_free:
 * @publisher: (transfer full): takes everything off the bus
 */
void
pf_publisher_free (PfPublisher *publisher)
{
  g_dbus_object_manager_server_set_connection (publisher->server, NULL);
  g_object_unref (publisher->server);
  g_hash_table_unref (publisher->profiles);
  g_hash_table_unref (publisher->controllers);
  pf_manager_object_free (publisher->manager);
  g_object_unref (publisher->labels);
  g_object_unref (publisher->guard);
  g_free (publisher);
}

static void
unexport (PfPublisher *publisher, GDBusObjectSkeleton *skeleton)
{
  g_dbus_object_manager_server_unexport (publisher->server,
                                         g_dbus_object_get_object_path (G_DBUS_OBJECT (skeleton)));
}

static void
remove_controllers (PfPublisher *publisher, const PfBoard *board)
{
  GHashTableIter iter;
  gpointer address;
  gpointer object;

  g_hash_table_iter_init (&iter, publisher->controllers);
  while (g_hash_table_iter_next (&iter, &address, &object))
    if (pf_board_find_controller (board, address) == NULL)
      {
        unexport (publisher, pf_controller_object_get_skeleton (object));
        g_hash_table_iter_remove (&iter);
      }
}

static void
update_controller (PfPublisher *publisher, const PfBoard *board, const PfController *controller)
{
  const char *address = controller->function->address;
  PfControllerObject *object = g_hash_table_lookup (publisher->controllers, address);
  gboolean is_new = object == NULL;

  if (is_new)
    {
      object = pf_controller_object_new (publisher->guard, address);
      g_hash_table_insert (publisher->controllers, g_strdup (address), object);
    }
  pf_controller_object_update (object, board, controller, publisher->labels);
  if (is_new)
    g_dbus_object_manager_server_export (publisher->server, pf_controller_object_get_skeleton (object));
}

static void
remove_profiles (PfPublisher *publisher)
{
  GHashTableIter iter;
  gpointer id;
  gpointer object;

  g_hash_table_iter_init (&iter, publisher->profiles);
  while (g_hash_table_iter_next (&iter, &id, &object))
    if (pf_store_find (publisher->services.store, id) == NULL)
      {
        unexport (publisher, pf_profile_object_get_skeleton (object));
        g_hash_table_iter_remove (&iter);
      }
}

static void
update_profile (PfPublisher *publisher, const PfStoreEntry *entry)
{
  PfProfileObject *object = g_hash_table_lookup (publisher->profiles, entry->id);
  gboolean is_new = object == NULL;

  if (is_new)
    {
      object = pf_profile_object_new (publisher->guard, &publisher->services, entry->id);
      g_hash_table_insert (publisher->profiles, g_strdup (entry->id), object);
    }
  pf_profile_object_update (object, entry);
  if (is_new)
    g_dbus_object_manager_server_export (publisher->server, pf_profile_object_get_skeleton (object));
}

/* The skeletons announce changed properties from an idle; what comes after, a signal or an answer, must not
 * overtake them. */
static void
flush (PfPublisher *publisher)
{
  g_autolist (GDBusObject) objects
      = g_dbus_object_manager_get_objects (G_DBUS_OBJECT_MANAGER (publisher->server));

  for (GList *item = objects; item != NULL; item = item->next)
    g_dbus_object_skeleton_flush (item->data);
}

/**
 * pf_publisher_update:
 * @publisher: a publisher
 *
 * Publishes what is different from before, and returns when it is on its way.
 */
void
pf_publisher_update (PfPublisher *publisher)
{
  const PfBoard *board = pf_machine_get_board (publisher->services.machine);
  GPtrArray *entries = pf_store_list (publisher->services.store);

  remove_controllers (publisher, board);
  for (guint i = 0; i < board->controllers->len; i++)
    update_controller (publisher, board, board->controllers->pdata[i]);
  remove_profiles (publisher);
  for (guint i = 0; i < entries->len; i++)
    update_profile (publisher, entries->pdata[i]);
  pf_manager_object_update (publisher->manager);
  flush (publisher);
}

/**
 * pf_publisher_connect:
 * @publisher: a publisher that was updated at least once
 * @connection: the bus
 *
 * Puts the objects on the bus.
 */
void
pf_publisher_connect (PfPublisher *publisher, GDBusConnection *connection)
{
  g_dbus_object_manager_server_set_connection (publisher->server, connection);
}
