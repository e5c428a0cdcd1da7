# A key for the portal of the approval bureau, under an authority the operator trusts; sourced after
# `found`, before the hub serves: $scratch/portal.key and $scratch/portal.pem.
p256=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
openssl req -x509 "${p256[@]}" -keyout "$scratch/ca.key" -out "$scratch/d/trust/portal-ca.pem" \
  -days 9 -subj /CN=portal-ca -addext 'basicConstraints=critical,CA:TRUE' \
  -addext 'keyUsage=critical,keyCertSign,cRLSign' 2> /dev/null
openssl req "${p256[@]}" -keyout "$scratch/portal.key" -out "$scratch/portal.csr" \
  -subj /CN=portal 2> /dev/null
cat > "$scratch/ext" <<X
basicConstraints=critical,CA:FALSE
extendedKeyUsage=1.3.6.1.5.5.7.3.36
keyUsage=critical,digitalSignature,nonRepudiation
subjectAltName=URI:urn:uscc:$approval
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
X
openssl x509 -req -in "$scratch/portal.csr" -CA "$scratch/d/trust/portal-ca.pem" \
  -CAkey "$scratch/ca.key" -set_serial 7 -days 5 -extfile "$scratch/ext" \
  -out "$scratch/portal.pem" 2> /dev/null
