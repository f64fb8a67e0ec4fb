/** Makes components of what `Component` decorates. */
import '@angular/compiler'
