/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-module.h"

#include <errno.h>
#include <libkmod.h>
#include <sys/utsname.h>

#include "pf-error.h"

#define WAIT_STEP (10 * G_TIME_SPAN_MILLISECOND)
#define WAIT_STEPS 500 /* 5 s */

typedef struct kmod_ctx KmodContext;
typedef struct kmod_module KmodModule;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KmodContext, kmod_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KmodModule, kmod_module_unref)

static void
set_missing_error (GError **error, const char *module)
{
  struct utsname name = { 0 };

  uname (&name);
  g_set_error (
      error, PF_ERROR, PF_ERROR_VFIO_UNAVAILABLE,
      "The running kernel (%s) has no module “%s”. Install the modules that belong to this kernel, or, "
      "after a kernel upgrade, restart the computer.",
      name.release, module);
}

static void
set_insert_error (GError **error, const char *module, int number)
{
  switch (number)
    {
    case ENOENT:
      set_missing_error (error, module);
      break;
    case EPERM:
    case EACCES:
      g_set_error (
          error, PF_ERROR, PF_ERROR_VFIO_UNAVAILABLE,
          "The kernel does not permit loading the module “%s”. Load it when the computer starts: put the "
          "line “%s” into a file in /etc/modules-load.d.",
          module, module);
      break;
    case EKEYREJECTED:
    case ENOKEY:
      g_set_error (error, PF_ERROR, PF_ERROR_VFIO_UNAVAILABLE,
                   "The kernel rejects the signature of the module “%s”, as Secure Boot demands. Use the "
                   "distribution's own kernel and modules.",
                   module);
      break;
    default:
      g_set_error (error, PF_ERROR, PF_ERROR_VFIO_UNAVAILABLE,
                   "The module “%s” cannot be loaded: %s. “journalctl -k” may say why.", module,
                   g_strerror (number));
      break;
    }
}

static gboolean
module_is_ready (KmodModule *module)
{
  int state = kmod_module_get_initstate (module);

  return state == KMOD_MODULE_LIVE || state == KMOD_MODULE_BUILTIN;
}

/* Somebody else may be loading the same module right now. */
static gboolean
wait_until_ready (KmodModule *module)
{
  for (guint step = 0; step < WAIT_STEPS; step++)
    {
      if (module_is_ready (module))
        return TRUE;
      g_usleep (WAIT_STEP);
    }
  return FALSE;
}

/* An administrator who put an "install" command into modprobe.d wants it to run instead, and this program
 * runs no commands. Returns FALSE with @error set when there is one. */
static gboolean
check_install_command (KmodModule *module, GError **error)
{
  const char *name = kmod_module_get_name (module);

  if (kmod_module_get_install_commands (module) == NULL)
    return TRUE;
  g_set_error (
      error, PF_ERROR, PF_ERROR_VFIO_UNAVAILABLE,
      "A file in /etc/modprobe.d has a command of its own for loading “%s”. Run “modprobe %s” as root, or "
      "remove that line.",
      name, name);
  return FALSE;
}

static gboolean
insert (KmodModule *module, GError **error)
{
  const char *name = kmod_module_get_name (module);
  int result;

  if (module_is_ready (module))
    return TRUE;
  if (!check_install_command (module, error))
    return FALSE;
  /* No KMOD_PROBE_APPLY_BLACKLIST: a blacklist forbids loading by alias, and this is by name, as modprobe
   * does. */
  result = kmod_module_probe_insert_module (module, KMOD_PROBE_IGNORE_COMMAND, NULL, NULL, NULL, NULL);
  if (result != 0)
    {
      set_insert_error (error, name, ABS (result));
      return FALSE;
    }
  if (!wait_until_ready (module))
    {
      g_set_error (
          error, PF_ERROR, PF_ERROR_VFIO_UNAVAILABLE,
          "The module “%s” is still not ready, 5 s after it was loaded. “journalctl -k” may say why.", name);
      return FALSE;
    }
  return TRUE;
}

/**
 * pf_module_load:
 * @module: name or alias of a kernel module, for example "vfio-pci"
 * @user_data: not used; there to fit PfModuleLoader
 * @error: PF_ERROR_VFIO_UNAVAILABLE, with what to do about it
 *
 * Loads a module and what it depends on, and waits until it is ready. Blocks, and needs CAP_SYS_MODULE. Runs
 * no program. A module that is loaded already, or is built into the kernel, is fine.
 *
 * Returns: whether the module is ready
 */
gboolean
pf_module_load (const char *module, gpointer user_data, GError **error)
{
  g_autoptr (KmodContext) context = kmod_new (NULL, NULL);
  struct kmod_list *found = NULL;
  struct kmod_list *item;
  gboolean ready;
  int result;

  if (context == NULL)
    {
      set_missing_error (error, module);
      return FALSE;
    }
  result = kmod_module_new_from_lookup (context, module, &found);
  ready = result >= 0 && found != NULL;
  if (!ready && result < 0 && result != -ENOENT && result != -ENOSYS)
    set_insert_error (error, module, -result);
  else if (!ready)
    set_missing_error (error, module);
  kmod_list_foreach (item, found)
  {
    g_autoptr (KmodModule) candidate = kmod_module_get_module (item);

    ready = ready && insert (candidate, error);
  }
  kmod_module_unref_list (found);
  return ready;
}
