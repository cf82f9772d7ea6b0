/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-profile-object.h"

#include "pf-bus.h"
#include "pf-options.h"

struct _PfProfileObject
{
  PfServices services;
  PfDBusObjectSkeleton *skeleton;
  PfDBusProfile *profile;
};

static gboolean
update_profile (PfProfileObject *object,
                GDBusMethodInvocation *invocation,
                GVariant *settings,
                GError **error)
{
  const PfDemand *demand = pf_guard_get_demand (invocation, PF_ACTION_EDIT, error);
  const PfBoard *board = pf_machine_get_board (object->services.machine);
  g_autoptr (PfProfile) profile = NULL;

  if (demand == NULL)
    return FALSE;
  if (demand->profile == NULL)
    return pf_store_require (object->services.store, demand->label, error) != NULL;
  profile = pf_profile_copy (demand->profile);
  return pf_settings_apply (settings, profile, board, error)
         && pf_store_update (object->services.store, profile, error);
}

static gboolean
on_profile_update (PfDBusProfile *skeleton,
                   GDBusMethodInvocation *invocation,
                   GVariant *settings,
                   gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (update_profile (user_data, invocation, settings, &error))
    pf_dbus_profile_complete_update (skeleton, invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return TRUE;
}

static gboolean
check_not_in_force (PfSwitcher *switcher, const char *id, GError **error)
{
  if (*pf_switcher_get_transaction (switcher) == '\0' && !g_str_equal (pf_switcher_get_active (switcher), id))
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_BUSY,
               "The profile “%s” is in force, or a switch is under way; bring everything home first.", id);
  return FALSE;
}

static gboolean
on_profile_remove (PfDBusProfile *skeleton, GDBusMethodInvocation *invocation, gpointer user_data)
{
  const PfServices *services = &((PfProfileObject *) user_data)->services;
  g_autoptr (GError) error = NULL;
  const PfDemand *demand = pf_guard_get_demand (invocation, PF_ACTION_EDIT, &error);

  if (demand != NULL && check_not_in_force (services->switcher, demand->label, &error)
      && pf_store_remove (services->store, demand->label, &error))
    pf_dbus_profile_complete_remove (skeleton, invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return TRUE;
}

/**
 * pf_profile_object_new:
 * @guard: lets calls in
 * @services: what the helper knows
 * @id: a profile's id
 *
 * Returns: (transfer full): its object, with nothing in it yet and not exported
 */
PfProfileObject *
pf_profile_object_new (PfGuard *guard, const PfServices *services, const char *id)
{
  PfProfileObject *object = g_new0 (PfProfileObject, 1);
  g_autofree char *path = pf_bus_profile_path (id);

  object->services = *services;
  object->skeleton = pf_dbus_object_skeleton_new (path);
  object->profile = pf_dbus_profile_skeleton_new ();
  g_signal_connect (object->profile, "handle-update", G_CALLBACK (on_profile_update), object);
  g_signal_connect (object->profile, "handle-remove", G_CALLBACK (on_profile_remove), object);
  pf_guard_protect (guard, G_DBUS_INTERFACE_SKELETON (object->profile));
  pf_dbus_object_skeleton_set_profile (object->skeleton, object->profile);
  return object;
}

/**
 * pf_profile_object_free:
 * @object: (transfer full): an object that is no longer exported
 */
void
pf_profile_object_free (PfProfileObject *object)
{
  g_signal_handlers_disconnect_by_data (object->profile, object);
  g_object_unref (object->profile);
  g_object_unref (object->skeleton);
  g_free (object);
}

/**
 * pf_profile_object_get_skeleton:
 * @object: an object
 *
 * Returns: (transfer none): what to export
 */
GDBusObjectSkeleton *
pf_profile_object_get_skeleton (PfProfileObject *object)
{
  return G_DBUS_OBJECT_SKELETON (object->skeleton);
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

/* The address is that of now, where the controller is still here: a new card may have renumbered the buses.
 */
static void
update_wish (PfDBusProfile *skeleton, const PfProfile *profile, const PfBoard *board)
{
  g_autoptr (GPtrArray) controllers = g_ptr_array_new ();
  g_auto (GStrv) ports = pf_port_set_to_names (&profile->ports);

  for (guint i = 0; i < profile->controllers->len; i++)
    {
      const PfDeviceKey *key = profile->controllers->pdata[i];
      const PfController *controller = pf_device_key_resolve (key, profile, board, NULL);

      g_ptr_array_add (controllers, controller != NULL ? controller->function->address : key->address);
    }
  g_ptr_array_add (controllers, NULL);
  pf_dbus_profile_set_label (skeleton, profile->label);
  pf_dbus_profile_set_icon (skeleton, or_empty (profile->icon));
  pf_dbus_profile_set_controllers (skeleton, (const char *const *) controllers->pdata);
  pf_dbus_profile_set_ports (skeleton, (const char *const *) ports);
  pf_dbus_profile_set_side (skeleton, pf_side_to_string (profile->side));
  pf_dbus_profile_set_vfio_user (skeleton, or_empty (profile->vfio_user));
  pf_dbus_profile_set_vfio_group (skeleton, or_empty (profile->vfio_group));
  pf_dbus_profile_set_qmp (skeleton, or_empty (profile->qmp));
  pf_dbus_profile_set_libvirt_domain (skeleton, or_empty (profile->libvirt_domain));
  pf_dbus_profile_set_libvirt_uri (skeleton, or_empty (profile->libvirt_uri));
  pf_dbus_profile_set_confirm (skeleton, pf_confirm_to_string (profile->confirm));
  pf_dbus_profile_set_confirm_seconds (skeleton, profile->confirm_seconds);
  pf_dbus_profile_set_on_vm_exit (skeleton, pf_on_vm_exit_to_string (profile->on_vm_exit));
  pf_dbus_profile_set_super_speed_off (skeleton, profile->super_speed_off);
  pf_dbus_profile_set_guest_may_switch (skeleton, profile->guest_may_switch);
  pf_dbus_profile_set_lock_on_switch (skeleton, profile->lock_on_switch);
}

/* A dry run. Whether the user it names exists is not looked up here: that may take a network. */
static void
check_on_board (const PfProfile *profile, const PfBoard *board, GError **error)
{
  PfNode node = PF_NODE_DEFAULT;
  g_autoptr (PfPlan) plan = pf_plan_compute (board, profile, &node, error);
}

/**
 * pf_profile_object_update:
 * @object: an object
 * @entry: what its file says
 *
 * Publishes what is different from before.
 */
void
pf_profile_object_update (PfProfileObject *object, const PfStoreEntry *entry)
{
  PfDBusProfile *skeleton = object->profile;
  const PfBoard *board = pf_machine_get_board (object->services.machine);
  g_autoptr (PfProfile) unreadable = entry->profile == NULL ? pf_profile_new (entry->id) : NULL;
  g_autoptr (GError) problem = entry->problem != NULL ? g_error_copy (entry->problem) : NULL;

  update_wish (skeleton, unreadable != NULL ? unreadable : entry->profile, board);
  if (entry->profile != NULL)
    check_on_board (entry->profile, board, &problem);
  pf_dbus_profile_set_id (skeleton, entry->id);
  pf_dbus_profile_set_built_in (skeleton, g_str_equal (entry->id, PF_PROFILE_HOME));
  pf_dbus_profile_set_valid (skeleton, problem == NULL);
  pf_dbus_profile_set_problem (skeleton, problem != NULL ? problem->message : "");
  pf_dbus_profile_set_problem_code (skeleton,
                                    problem != NULL ? pf_error_get_name ((PfError) problem->code) : "");
}
