using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

public abstract class ConfigModules : Module
{
    [Module("oidcc-discovery-endpoint-verification")]
    public async Task Discovery()
    {
        var url = $"{Server.Issuer}/.well-known/openid-configuration";
        DiscoveryCheck.Full(await SuiteHttp.GetAsync(url), new Uri(url), dynamic: false);
    }
}
