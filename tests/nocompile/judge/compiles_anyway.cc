// expect: anything
int main() {
  return 0;
}
