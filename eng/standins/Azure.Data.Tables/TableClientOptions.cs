using Azure.Core;

namespace Azure.Data.Tables;

public class TableClientOptions(TableClientOptions.ServiceVersion serviceVersion = TableClientOptions.ServiceVersion.V2020_12_06)
    : ClientOptions
{
    public enum ServiceVersion
    {
        V2019_02_02 = 1,
        V2020_12_06 = 2,
    }

    internal string Version { get; } = serviceVersion switch
    {
        ServiceVersion.V2019_02_02 => "2019-02-02",
        ServiceVersion.V2020_12_06 => "2020-12-06",
        _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion)),
    };
}
