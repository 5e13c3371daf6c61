using Microsoft.Extensions.Hosting;
using OpenIddictPeer;

// OpenIddict with the clients, the user and the algorithms of the other servers: dotnet OpenIddictPeer.dll PORT ALGORITHM MODE
// Modes: degraded (no stores, own checks), stores (in memory, secrets as SHA-256), stores-slow-hash (in memory, OpenIddict's own hash of secrets).
var (port, algorithm, mode) = (args[0], args[1], args[2]);
await using var app = PeerServer.Build(port, algorithm, mode);
if (mode != PeerServer.Degraded)
    await PeerClients.RegisterAsync(app.Services);
await app.StartAsync();
Console.WriteLine("ready");
await app.WaitForShutdownAsync();
