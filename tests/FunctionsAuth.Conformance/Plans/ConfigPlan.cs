using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Modules;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Plans;

[Plan("oidcc-config-certification-test-plan")]
public sealed class ConfigPlan : Module
{
    [Module("oidcc-discovery-endpoint-verification")]
    public async Task Discovery()
    {
        var url = $"{Server.Issuer}/.well-known/openid-configuration";
        DiscoveryCheck.Full(await SuiteHttp.GetAsync(url), new Uri(url), dynamic: false);
    }
}
