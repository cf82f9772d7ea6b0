/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-libvirt-library.h"

#include <dlfcn.h>
#include <glib/gi18n.h>

#include "pf-error.h"

/* The name of the library's ABI; it has not changed since 2005. */
#define FILE_NAME "libvirt.so.0"

/* libvirt would print what it also returns. */
static void
ignore_error (void *user_data, virErrorPtr error)
{
}

static gboolean
find_functions (void *handle, PfLibvirtLibrary *library)
{
  gboolean complete = TRUE;

#define FIND(name)                                                                                           \
  library->name = (__typeof__ (name) *) dlsym (handle, #name);                                               \
  complete = complete && library->name != NULL;
  PF_LIBVIRT_FUNCTIONS (FIND)
#undef FIND
  return complete;
}

/* libvirt's own event loop is GLib's default main context since 6.2 (src/util/vireventglib.c): events come
 * while the program's main loop runs. */
static const PfLibvirtLibrary *
load (void)
{
  static PfLibvirtLibrary library;
  void *handle = dlopen (FILE_NAME, RTLD_NOW | RTLD_LOCAL);

  if (handle == NULL || !find_functions (handle, &library))
    return NULL;
  library.virSetErrorFunc (NULL, ignore_error);
  return library.virEventRegisterDefaultImpl () == 0 ? &library : NULL;
}

/**
 * pf_libvirt_library_load:
 * @error: PF_ERROR_FAILED where libvirt is not installed
 *
 * Returns: (transfer none) (nullable): libvirt; it stays loaded
 */
const PfLibvirtLibrary *
pf_libvirt_library_load (GError **error)
{
  static gsize tried;
  static const PfLibvirtLibrary *library;

  if (g_once_init_enter (&tried))
    {
      library = load ();
      g_once_init_leave (&tried, 1);
    }
  if (library == NULL)
    g_set_error_literal (error, PF_ERROR, PF_ERROR_FAILED,
                         _ ("libvirt is not installed on this computer (libvirt.so.0)."));
  return library;
}
