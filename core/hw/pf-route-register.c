/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-route-register.h"

#include <errno.h>

#include "pf-error.h"
#include "pf-writer.h"

#define DEADLINE 30000 /* milliseconds: the write may have to wait for the device to resume */

typedef struct
{
  PfTree *tree;
  PfStep *step;
  char *path;
} Routing;

static void
routing_free (Routing *routing)
{
  pf_tree_unref (routing->tree);
  pf_step_free (routing->step);
  g_free (routing->path);
  g_free (routing);
}

static char *
config_path (const char *router)
{
  return g_strdup_printf ("bus/pci/devices/%s/config", router);
}

static goffset
get_offset (PfRouterSetting setting)
{
  return setting == PF_SETTING_SUPER_SPEED ? PF_REGISTER_USB3_PSSEN : PF_REGISTER_XUSB2PR;
}

/**
 * pf_route_register_read:
 * @tree: the kernel
 * @router: PCI address of an xHCI
 * @setting: PF_SETTING_ROUTING for XUSB2PR, PF_SETTING_SUPER_SPEED for USB3_PSSEN
 * @value: (out): what the register holds
 * @error: PF_ERROR_NO_SUCH_DEVICE, or PF_ERROR_FAILED when config space cannot be read that far
 *
 * Returns: whether it could be read
 */
gboolean
pf_route_register_read (
    PfTree *tree, const char *router, PfRouterSetting setting, guint32 *value, GError **error)
{
  g_autofree char *path = config_path (router);
  guint32 raw;
  gssize length = pf_tree_read_bytes (tree, PF_TREE_SYS, path, get_offset (setting), &raw, sizeof raw);

  if (length == sizeof raw)
    {
      *value = GUINT32_FROM_LE (raw);
      return TRUE;
    }
  if (length < 0)
    pf_tree_set_error (error, errno, FALSE, PF_TREE_SYS, path);
  else
    g_set_error (error, PF_ERROR, PF_ERROR_FAILED,
                 "The config space of %s could be read only up to byte 64; that needs CAP_SYS_ADMIN.", router);
  return FALSE;
}

static gboolean
check_value (const Routing *routing, GError **error)
{
  const PfStep *step = routing->step;
  guint32 value;

  if (!pf_route_register_read (routing->tree, step->router, step->setting, &value, error))
    return FALSE;
  if ((value & step->mask) == (step->to & step->mask))
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_VERIFY_FAILED,
               "The routing register of %s did not take the value 0x%04x: it reads 0x%04x. The firmware may have locked "
               "it, or somebody else writes it.",
               step->router, step->to, value);
  return FALSE;
}

static void
set_write_error (GError **error, const Routing *routing, int number, const GError *cause)
{
  if (number == EPERM || number == EACCES)
    g_set_error (error, PF_ERROR, PF_ERROR_LOCKDOWN,
                 "The kernel does not let the routing register of %s be written: kernel lockdown is on, as under Secure "
                 "Boot. Switch Secure Boot off, or lend whole controllers with all their ports (--port all).",
                 routing->step->router);
  else
    g_set_error_literal (error, PF_ERROR, cause->code, cause->message);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Routing *routing = g_task_get_task_data (task);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GError) error = NULL;
  int number;

  if (!pf_writer_run_finish (result, &number, &cause))
    set_write_error (&error, routing, number, cause);
  else if (check_value (routing, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * pf_route_register_write_async:
 * @tree: the kernel
 * @step: of kind PF_STEP_ROUTE, for one of the two registers
 * @callback: called when the register is written and read back
 * @user_data: for @callback
 *
 * Fails at once with PF_ERROR_TIMED_OUT while the kernel still works on an earlier write to that router.
 *
 * Reads the register afresh, changes the bits of the step's mask only, writes all 32 bits at once as the chip wants it, and
 * reads back. Where it is there already nothing is written: undoing a write that was refused needs none.
 */
void
pf_route_register_write_async (PfTree *tree, const PfStep *step, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Routing *routing = g_new0 (Routing, 1);
  g_autoptr (PfWriter) writer = pf_writer_new (tree);
  g_autoptr (GError) error = NULL;
  guint32 now, then;

  routing->tree = pf_tree_ref (tree);
  routing->step = pf_step_copy (step);
  routing->path = config_path (step->router);
  g_task_set_source_tag (task, pf_route_register_write_async);
  g_task_set_task_data (task, routing, (GDestroyNotify) routing_free);
  pf_writer_set_address (writer, step->router);
  if (!pf_pending_check (pf_tree_get_pending (tree), step->router, &error)
      || !pf_route_register_read (tree, step->router, step->setting, &now, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  then = pf_port_map_combine (now, step->to, step->mask);
  if (then == now)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  then = GUINT32_TO_LE (then);
  pf_writer_add_bytes (writer, routing->path, get_offset (step->setting), &then, sizeof then);
  pf_writer_run_async (g_steal_pointer (&writer), DEADLINE, on_written, g_steal_pointer (&task));
}

/**
 * pf_route_register_write_finish:
 * @result: as given to the callback
 * @error: PF_ERROR_LOCKDOWN, PF_ERROR_VERIFY_FAILED, PF_ERROR_WRITE_FAILED, PF_ERROR_TIMED_OUT ...
 *
 * Returns: whether the register reads back as wished
 */
gboolean
pf_route_register_write_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
