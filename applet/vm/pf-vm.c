/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever a profile names, lent controllers go into it and come out of it the same way. */

#include "pf-vm.h"

#include <string.h>

#include "pf-libvirt.h"
#include "pf-qmp.h"

#define RUNTIME_FOLDER "%t/"

struct _PfVm
{
  char *qmp; /* NULL for a domain of libvirt */
  char *uri;
  char *domain;
};

/**
 * pf_vm_new_qmp:
 * @path: the QMP socket of a running QEMU; "%t" at its beginning is the caller's XDG_RUNTIME_DIR
 *
 * Returns: (transfer full): that machine
 */
PfVm *
pf_vm_new_qmp (const char *path)
{
  PfVm *vm = g_new0 (PfVm, 1);

  if (g_str_has_prefix (path, RUNTIME_FOLDER))
    vm->qmp = g_build_filename (g_get_user_runtime_dir (), path + strlen (RUNTIME_FOLDER), NULL);
  else
    vm->qmp = g_strdup (path);
  return vm;
}

/**
 * pf_vm_new_libvirt:
 * @uri: (nullable): where libvirt has it; NULL and "" for "qemu:///system"
 * @domain: its name
 *
 * Returns: (transfer full): that machine
 */
PfVm *
pf_vm_new_libvirt (const char *uri, const char *domain)
{
  PfVm *vm = g_new0 (PfVm, 1);

  vm->uri = g_strdup (uri != NULL && *uri != '\0' ? uri : PF_LIBVIRT_DEFAULT_URI);
  vm->domain = g_strdup (domain);
  return vm;
}

/**
 * pf_vm_new_for_profile:
 * @profile: a profile as the helper publishes it
 *
 * Returns: (transfer full) (nullable): the machine that its controllers are for; NULL where it names none
 */
PfVm *
pf_vm_new_for_profile (PfDBusProfile *profile)
{
  const char *qmp = pf_dbus_profile_get_qmp (profile);
  const char *domain = pf_dbus_profile_get_libvirt_domain (profile);

  if (qmp != NULL && *qmp != '\0')
    return pf_vm_new_qmp (qmp);
  if (domain != NULL && *domain != '\0')
    return pf_vm_new_libvirt (pf_dbus_profile_get_libvirt_uri (profile), domain);
  return NULL;
}

/**
 * pf_vm_free:
 * @vm: (transfer full): a machine
 */
void
pf_vm_free (PfVm *vm)
{
  g_free (vm->qmp);
  g_free (vm->uri);
  g_free (vm->domain);
  g_free (vm);
}

/**
 * pf_vm_get_name:
 * @vm: a machine
 *
 * Returns: (transfer none): what people can tell it by: its name with libvirt, or the path of its socket
 */
const char *
pf_vm_get_name (const PfVm *vm)
{
  return vm->qmp != NULL ? vm->qmp : vm->domain;
}

/* Each backend gives back a result of its own kind. */
typedef gboolean (*Finish) (GAsyncResult *result, GError **error);

static void
on_done (GTask *task, GAsyncResult *result, Finish finish)
{
  GError *error = NULL;

  if (finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

static void
on_qmp_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  on_done (user_data, result, pf_qmp_finish);
}

static void
on_libvirt_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  on_done (user_data, result, pf_libvirt_finish);
}

/**
 * pf_vm_attach_async:
 * @vm: a running virtual machine
 * @controllers: (array zero-terminated=1): PCI addresses of lent controllers
 * @timeout_seconds: for all of them together
 * @callback: called when they are in the machine, or one is refused
 * @user_data: for @callback
 *
 * One that is in there already stays there.
 */
void
pf_vm_attach_async (const PfVm *vm,
                    const char *const *controllers,
                    guint timeout_seconds,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, pf_vm_attach_async);
  if (vm->qmp != NULL)
    pf_qmp_attach_async (vm->qmp, controllers, timeout_seconds, on_qmp_done, task);
  else
    pf_libvirt_attach_async (vm->uri, vm->domain, controllers, timeout_seconds, on_libvirt_done, task);
}

/**
 * pf_vm_detach_async:
 * @vm: a running virtual machine
 * @controllers: (array zero-terminated=1): PCI addresses
 * @timeout_seconds: for all of them together: a guest has to let go of a device, and need not
 * @callback: called when none of them is in the machine any more, or one stays
 * @user_data: for @callback
 */
void
pf_vm_detach_async (const PfVm *vm,
                    const char *const *controllers,
                    guint timeout_seconds,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, pf_vm_detach_async);
  if (vm->qmp != NULL)
    pf_qmp_detach_async (vm->qmp, controllers, timeout_seconds, on_qmp_done, task);
  else
    pf_libvirt_detach_async (vm->uri, vm->domain, controllers, timeout_seconds, on_libvirt_done, task);
}

/**
 * pf_vm_finish:
 * @result: what the callback was given
 * @error: PF_ERROR_FAILED with what QEMU or libvirt says, PF_ERROR_TIMED_OUT; it names the controller
 *
 * Returns: whether it was done
 */
gboolean
pf_vm_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
