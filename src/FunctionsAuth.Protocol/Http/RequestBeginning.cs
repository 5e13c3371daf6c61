using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

/// <summary>The context of a request that is known everywhere: its source, the language of the answer, and its time limit.</summary>
public sealed class RequestBeginning(RequestSource source, RequestLanguage language, TimeProvider clock)
{
    public void Begin(HttpContext http)
    {
        source.Begin(http);
        language.Begin(http);
        TimeBudget.Begin(clock);
    }
}
