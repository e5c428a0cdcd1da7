// expect: private
#ifndef CONTROL
int broken = undeclared_name;
#endif
