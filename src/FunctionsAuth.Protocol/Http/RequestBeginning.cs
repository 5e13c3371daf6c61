using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

/// <summary>What is known of a request wherever it is handled: from where it came, in which language it is answered, and how long it may take.</summary>
public sealed class RequestBeginning(RequestSource source, RequestLanguage language, TimeProvider clock)
{
    public void Begin(HttpContext http)
    {
        source.Begin(http);
        language.Begin(http);
        TimeBudget.Begin(clock);
    }
}
