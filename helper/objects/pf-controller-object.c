/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-controller-object.h"

#include "pf-bus.h"
#include "pf-router-object.h"
#include "pf-rows.h"
#include "pf-take-home.h"

struct _PfControllerObject
{
  PfGuard *guard;
  PfDBusObjectSkeleton *skeleton;
  PfDBusController *controller;
};

/**
 * pf_controller_object_new:
 * @guard: lets calls in
 * @address: PCI address of a controller
 *
 * Returns: (transfer full): its object, with nothing in it yet and not exported
 */
PfControllerObject *
pf_controller_object_new (PfGuard *guard, const char *address)
{
  PfControllerObject *object = g_new0 (PfControllerObject, 1);
  g_autofree char *path = pf_bus_controller_path (address);

  object->guard = g_object_ref (guard);
  object->skeleton = pf_dbus_object_skeleton_new (path);
  object->controller = pf_dbus_controller_skeleton_new ();
  pf_guard_protect (guard, G_DBUS_INTERFACE_SKELETON (object->controller));
  pf_dbus_object_skeleton_set_controller (object->skeleton, object->controller);
  return object;
}

/**
 * pf_controller_object_free:
 * @object: (transfer full): an object that is no longer exported
 */
void
pf_controller_object_free (PfControllerObject *object)
{
  g_object_unref (object->controller);
  g_object_unref (object->skeleton);
  g_object_unref (object->guard);
  g_free (object);
}

/**
 * pf_controller_object_get_skeleton:
 * @object: an object
 *
 * Returns: (transfer none): what to export
 */
GDBusObjectSkeleton *
pf_controller_object_get_skeleton (PfControllerObject *object)
{
  return G_DBUS_OBJECT_SKELETON (object->skeleton);
}

static void
update_identity (PfDBusController *skeleton, const PfController *controller)
{
  const PfFunction *function = controller->function;
  g_autofree char *vendor = g_strdup_printf ("%04x", function->vendor);
  g_autofree char *device = g_strdup_printf ("%04x", function->device);
  g_autofree char *subsystem = NULL;

  if (function->subsystem_vendor != 0)
    subsystem = g_strdup_printf ("%04x:%04x", function->subsystem_vendor, function->subsystem_device);
  pf_dbus_controller_set_address (skeleton, function->address);
  pf_dbus_controller_set_vendor (skeleton, vendor);
  pf_dbus_controller_set_device (skeleton, device);
  pf_dbus_controller_set_subsystem (skeleton, subsystem != NULL ? subsystem : "");
  pf_dbus_controller_set_name (skeleton, function->name != NULL ? function->name : "");
  pf_dbus_controller_set_kind (skeleton, pf_controller_kind_to_string (controller->kind));
  pf_dbus_controller_set_removable (skeleton, function->is_removable);
}

static void
update_ownership (PfDBusController *skeleton, const PfBoard *board, const PfController *controller)
{
  static const char *const none[] = { NULL };
  const PfFunction *function = controller->function;
  const PfGroup *group = controller->group;
  const char *holder = "";

  if (group != NULL && group->held)
    holder = group->holder != NULL ? group->holder : "?";
  pf_dbus_controller_set_driver (skeleton, function->driver != NULL ? function->driver : "");
  pf_dbus_controller_set_owner (skeleton, pf_owner_to_string (pf_function_get_owner (function)));
  pf_dbus_controller_set_lent_by (skeleton, pf_controller_get_lender (board, controller));
  pf_dbus_controller_set_iommu_group (skeleton, function->iommu_group);
  pf_dbus_controller_set_group_members (skeleton, pf_rows_from_members (group));
  pf_dbus_controller_set_reset_methods (
      skeleton, function->reset_methods != NULL ? (const char *const *) function->reset_methods : none);
  pf_dbus_controller_set_holder (skeleton, holder);
}

/* Says what is known of the chips, and of the group's reserved memory. */
static char *
make_warning (const PfController *controller)
{
  g_autofree char *known = pf_controller_describe_warning (controller);
  g_autofree char *reserved
      = controller->group != NULL ? pf_group_describe_reserved (controller->group) : NULL;

  return g_strdup_printf ("%s%s%s", known, *known != '\0' && reserved != NULL ? " " : "",
                          reserved != NULL ? reserved : "");
}

/* Says who else has lent it, and how it is given back. */
static void
update_lender (PfDBusController *skeleton, const PfBoard *board, const PfController *controller)
{
  const PfLenderDevice device = pf_function_get_lender_device (controller->function);
  g_autofree char *who = NULL;
  g_autofree char *advice = NULL;
  const char *code = "";

  if (pf_function_is_lent_by_others (board, controller->function))
    {
      code = pf_lender_get_code (pf_lender_find (board->lenders, &device));
      who = pf_lender_describe (board->lenders, &device);
      advice = pf_take_home_advise (board, controller);
    }
  pf_dbus_controller_set_lender (skeleton, who != NULL ? who : "");
  pf_dbus_controller_set_lender_code (skeleton, code);
  pf_dbus_controller_set_give_back (skeleton, advice != NULL ? advice : "");
}

static void
update_problem (PfDBusController *skeleton, const PfBoard *board, const PfController *controller)
{
  g_autofree char *warning = make_warning (controller);
  g_autoptr (GError) error = NULL;

  pf_controller_can_be_lent (board, controller, &error);
  pf_dbus_controller_set_problem (skeleton, error != NULL ? error->message : "");
  pf_dbus_controller_set_problem_code (skeleton,
                                       error != NULL ? pf_error_get_name ((PfError) error->code) : "");
  pf_dbus_controller_set_warning (skeleton, warning);
}

static void
update_router (PfControllerObject *object, const PfController *controller, PfLabels *labels)
{
  g_autoptr (PfDBusRouter) router = pf_dbus_object_get_router (PF_DBUS_OBJECT (object->skeleton));

  if (controller->router == NULL)
    {
      if (router != NULL)
        pf_dbus_object_skeleton_set_router (object->skeleton, NULL);
      return;
    }
  if (router != NULL)
    {
      pf_router_object_update (router, controller->router, labels);
      return;
    }
  router = pf_dbus_router_skeleton_new ();
  pf_guard_protect (object->guard, G_DBUS_INTERFACE_SKELETON (router));
  pf_router_object_update (router, controller->router, labels);
  pf_dbus_object_skeleton_set_router (object->skeleton, router);
}

/**
 * pf_controller_object_update:
 * @object: an object
 * @board: the machine as it was just read
 * @controller: its controller
 * @labels: what people call the ports
 *
 * Publishes what is different from before.
 */
void
pf_controller_object_update (PfControllerObject *object,
                             const PfBoard *board,
                             const PfController *controller,
                             PfLabels *labels)
{
  update_identity (object->controller, controller);
  update_ownership (object->controller, board, controller);
  update_lender (object->controller, board, controller);
  pf_dbus_controller_set_root_hubs (object->controller, pf_rows_from_root_hubs (controller));
  pf_dbus_controller_set_devices (object->controller, pf_rows_from_devices (controller));
  pf_dbus_controller_set_labels (object->controller,
                                 pf_rows_from_labels (labels, controller->function->address));
  update_problem (object->controller, board, controller);
  update_router (object, controller, labels);
}
